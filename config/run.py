"""`make run`: servers, migrations, the demo organization, then web, worker and beat until Ctrl-C.

Whatever it starts it stops: also on SIGTERM, on a closed terminal, on a failure half-way. Servers that ran before stay.
"""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from types import FrameType
from typing import Any, NoReturn

from honcho.manager import Manager
from honcho.printer import Message, Printer

from config import embedded

STAFF = ["console", "grant", "staff@platform.example", "--name", "Equipe Colmeia", "--demo", "--json"]
DEMO = ["onboard", "demo", "--name", "Piscinas Demo", "--owner", "demo@demo.example", "--demo", "--json"]


class Refused(Exception):
    """Cannot run; the message says why and what to do."""


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGHUP, _stop)
    running_before: set[str] | None = None
    try:
        port = free_port(os.environ.get("PORT") or "8000")
        os.environ["PORT"] = str(port)
        sandbox = sandbox_port(port)
        running_before = embedded.running()
        return serve(port, welcome(port, *prepare(), sandbox), sandbox)
    except KeyboardInterrupt:
        return 0
    except (Refused, embedded.EmbeddedServerError) as refusal:
        print(f"make run: {refusal}", file=sys.stderr)
        return 1
    finally:
        if running_before is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second, impatient Ctrl-C must not leave a server behind
            embedded.stop(keep=running_before)


def free_port(text: str) -> int:
    """The port as a number. Raises Refused when it is none or when another program listens on it."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise Refused(f"PORT must be a number from 1 to 65535, not {text!r}.")
    port = int(text)
    busy = f"port {port} is in use by another program. Stop that one, or choose another: PORT={port + 1} make run"
    with closing(socket.socket()) as probe:
        probe.settimeout(1)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise Refused(busy)
    with closing(socket.socket()) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does: TIME_WAIT is not busy
        try:
            listener.bind(("127.0.0.1", port))
        except PermissionError:
            raise Refused(f"port {port} is not allowed for this user. Choose one from 1024 on.") from None
        except OSError:
            raise Refused(busy) from None
    return port


def sandbox_port(port: int) -> int | None:
    """Where the payment provider of this machine shall listen; None when the environment names another provider."""
    if os.environ.get("BILLING_GATEWAY", "sandbox") != "sandbox" or os.environ.get("SANDBOX_URL"):
        return None
    for candidate in range(port + 10, port + 30):
        with suppress(Refused):
            found = free_port(str(candidate))
            os.environ["BILLING_GATEWAY"], os.environ["SANDBOX_URL"] = "sandbox", f"http://localhost:{found}"
            return found
    raise Refused(f"no port is free from {port + 10} to {port + 29} for the sandbox gateway. Choose another PORT.")


def prepare() -> tuple[list[dict[str, str]], dict[str, str]]:
    """Servers up, schema current, the demo organization there; the environment of all that follows is set.

    Returns the demo's sign-ins (role, email, password) and how to enter the console (email, password, secret).
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ["PYTHONUNBUFFERED"] = "1"
    print("Starting the database and Redis ...", flush=True)
    found = embedded.ensure()
    os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = found.database_url, found.redis_url
    print("Migrating ...", flush=True)
    manage(["migrate"])
    print("The plans ...", flush=True)
    manage(["plans", "sync"], stdout=subprocess.PIPE)
    print("The demo organization ...", flush=True)
    sign_ins: list[dict[str, str]] = json.loads(manage(DEMO, stdout=subprocess.PIPE))["sign_ins"]
    staff: dict[str, str] = json.loads(manage(STAFF, stdout=subprocess.PIPE))
    return sign_ins, staff


def manage(arguments: list[str], stdout: int | None = None) -> str:
    """Run a management command out of Ctrl-C's reach, ending it ourselves when we are interrupted.

    Returns what it wrote to a piped `stdout`. Raises Refused when it fails.
    """
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], stdout=stdout, text=True, start_new_session=True
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        print(output or "", end="", file=sys.stderr)
        command = shlex.join(["manage.py", *arguments])
        raise Refused(f"`{command}` failed with exit code {process.returncode}; its message is above.")
    return output or ""


def serve(port: int, welcome: str, sandbox: int | None = None) -> int:
    """Run the processes; returns the exit code. One that ends takes the others with it."""
    manager = Processes(ReadyPrinter(welcome))
    python = [sys.executable, "-m"]
    listen = ["--bind", f"127.0.0.1:{port}", "--no-control-socket"]  # that socket would be one for all of a user's runs
    workers = ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    worker = ["--concurrency", "2", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
    commands = {
        "web": [*python, "gunicorn", "config.wsgi", *listen, *workers],
        "worker": [*python, "celery", "--quiet", "-A", "config", "worker", *worker],
        "beat": [*python, "celery", "--quiet", "-A", "config", "beat", "--loglevel", "INFO", "--pidfile="],
    }
    if sandbox:
        told = ["--webhooks", f"http://localhost:{port}/webhooks/sandbox/"]
        state = ["--state", str(embedded.ROOT / ".local" / "sandbox.sqlite3")]
        commands["sandbox"] = [sys.executable, "manage.py", "sandbox", "--port", str(sandbox), *told, *state]
    for name, command in commands.items():
        manager.add_process(name, f"exec {shlex.join(command)}")  # exec: the signal reaches the program, not a shell
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))  # honcho knows the other two
    manager.loop()
    if manager.asked_to_stop:
        return 0
    print(f"make run: {manager.first_to_end} ended by itself; its last lines above say why.", file=sys.stderr)
    return manager.returncode or 1


def welcome(port: int, sign_ins: list[dict[str, str]], staff: dict[str, str], sandbox: int | None = None) -> str:
    """What to open in a browser, and how to get in."""
    lines = [
        f"Platform           http://localhost:{port}",
        f"Demo organization  http://demo.localhost:{port}",
        f"API documentation  http://demo.localhost:{port}/api/v1/docs/",
        *([f"Payments (sandbox) http://localhost:{sandbox}"] if sandbox else []),
        *(f"Sign in as {one['role']:<7} {one['email']}  {one['password'] or '(your password)'}" for one in sign_ins),
        f"Console            http://localhost:{port}/console/",
        f"Sign in as staff   {staff['email']}  {staff['password'] or '(your password)'}",
        "Its second step    "
        + (f"an authenticator app with {staff['secret']}" if staff["secret"] else "as you set it up"),
        *(["                   or what `.venv/bin/python manage.py console code` says"] if staff["secret"] else []),
        "Ctrl-C stops everything.",
    ]
    return "\n".join(lines)


class Processes(Manager):
    """honcho's manager, which forgets a signal that comes while the processes are still being started."""

    first_to_end = ""

    @property
    def asked_to_stop(self) -> bool:
        """Whether Ctrl-C or SIGTERM ended it; 130 and 143 are honcho's codes for them."""
        return not self.first_to_end

    def terminate(self) -> None:
        if super()._all_started():
            if self.returncode is not None and not self._terminating:
                ended = (name for name, process in self._processes.items() if "returncode" in process)
                self.first_to_end = next(ended, "")
            super().terminate()

    def _all_started(self) -> bool:
        started: bool = super()._all_started()
        if started and self.returncode is not None:
            self.terminate()
        return started


class ReadyPrinter(Printer):
    """Greets when the web process listens: by then the first lines have scrolled away."""

    def __init__(self, welcome: str, **options: Any) -> None:
        super().__init__(sys.stdout, **options)
        self.welcome = welcome

    def write(self, message: Message) -> None:
        super().write(message)
        if message.name == "web" and b"Listening at" in _bytes(message.data):
            print(f"\n{self.welcome}\n", flush=True)


def _bytes(line: str | bytes) -> bytes:
    return line.encode() if isinstance(line, str) else line


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
