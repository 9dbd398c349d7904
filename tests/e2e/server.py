"""The whole of Colmeia as people meet it: gunicorn, a worker and mail that can be read, on servers of the run's own."""

from __future__ import annotations

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import IO

import requests

from config import embedded
from config.embedded.places import Addresses
from tests import base, forking
from tests.servers import REDIS_DATABASES, redis_database

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0  # seconds for a process to come up, or a mail to arrive, on a busy machine
PASSWORD = "correct-horse-battery-7"
LINK = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Server:
    """`port` on loopback; the browser itself resolves *.localhost. `outbox` holds a file for each mail."""

    port: int
    outbox: Path
    logs: Path
    environment: dict[str, str]
    commands: forking.Commands

    @property
    def platform(self) -> str:
        return f"http://localhost:{self.port}"

    def host(self, slug: str) -> str:
        return f"http://{slug}.localhost:{self.port}"

    def onboard(self, slug: str, *arguments: str, name: str = "") -> str:
        """A firm with the owner `owner@<slug>.example`, whose password is PASSWORD; its address."""
        owner = ["--owner", f"owner@{slug}.example", "--password-stdin"]
        self.manage("onboard", slug, "--name", name or slug.title(), *owner, *arguments, typed=PASSWORD)
        return self.host(slug)

    def manage(self, *arguments: str, typed: str = "") -> str:
        """What a command of `manage.py` prints."""
        done = self.commands.run(*arguments, typed=typed + "\n")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def mails_to(self, address: str) -> list[EmailMessage]:
        """The mails that went to an address, oldest first."""
        found = []
        for path in sorted(self.outbox.iterdir(), key=lambda path: path.stat().st_mtime_ns):
            # Django writes a line of dashes after each message of a file.
            for text in re.split(rb"\n-{79}\n", path.read_bytes()):
                mail = email.message_from_bytes(text, policy=email.policy.default)
                if address in str(mail["To"]):
                    found.append(mail)
        return found

    def link_for(self, address: str, pattern: str) -> str:
        """The newest link sent to an address that matches; waits for the worker to send it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for mail in reversed(self.mails_to(address)):
                text = mail.get_body(("plain",))
                for link in LINK.findall(text.get_content() if text else ""):
                    if re.search(pattern, link):
                        return link
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address} with a link like {pattern}")


@contextmanager
def serve(**variables: str) -> Iterator[Server]:
    with ExitStack() as stack:
        addresses = stack.enter_context(_addresses())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        outbox, logs = directory / "outbox", directory / "logs"
        outbox.mkdir()
        logs.mkdir()
        port, provider = unused_port(), unused_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TENANCY_"))},
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "DEBUG": "false",
            "PORT": str(port),
            "DATABASE_URL": addresses.database_url,
            "REDIS_URL": addresses.redis_url,
            "EMAIL_URL": f"filemail:///{outbox}",
            "MEDIA_ROOT": str(directory / "media"),
            "TENANCY_POOL_SIZE": "3",
            "SANDBOX_URL": f"http://localhost:{provider}",  # who needs a payment provider starts it: provider.py
            "SANDBOX_SECRET": PASSWORD,
            "SANDBOX_MOVES_CLOCK": "true",
            **variables,
        }
        commands = stack.enter_context(forking.commands(environment))
        server = Server(port, outbox, logs, environment, commands)
        server.manage("migrate")
        web = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
        stack.enter_context(process(logs / "web", environment, *web, "--worker-class", "gthread", "--threads", "8"))
        worker = ["celery", "--quiet", "-A", "config", "worker", "--concurrency", "1", "--without-gossip"]
        stack.enter_context(process(logs / "worker", environment, *worker, "--without-mingle"))
        wait_for(server)
        yield server


@contextmanager
def _addresses() -> Iterator[Addresses]:
    """A database and a Redis of its own: on the run's servers, a copy of what that has migrated, if there is one."""
    if base.ensure() is None:
        with embedded.ephemeral() as found:
            yield found
    else:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        redis = redis_database(os.environ["REDIS_URL"], REDIS_DATABASES - 2 - int(worker.removeprefix("gw")))
        yield Addresses(base.copy(f"live_{worker}"), redis)


@contextmanager
def process(log: Path, environment: dict[str, str], *arguments: str) -> Iterator[None]:
    with log.open("wb") as stream, _started(stream, environment, arguments) as started:
        try:
            yield
        finally:
            started.terminate()


def _started(stream: IO[bytes], environment: dict[str, str], arguments: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=stream)


def manage(environment: dict[str, str], *arguments: str, typed: str = "") -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, input=typed + "\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def unused_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=PATIENCE)
        except requests.ConnectionError:
            time.sleep(0.05)
            continue
        return
    raise AssertionError((server.logs / "web").read_text())
