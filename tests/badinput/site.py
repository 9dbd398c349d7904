"""A whole site of the test's own: servers, migrations, two organizations, gunicorn; everything real, on a free port."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import requests

from config import embedded
from config.embedded.places import Places
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey
from tests import forking

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0  # seconds for a process to come up on a busy machine
PASSWORD = "hunter2-hunter2-hunter2"


@dataclass
class Site:
    """`url` is http://127.0.0.1:port; a request names its organization in the Host header."""

    url: str
    log: Path
    postgres: Postgres
    redis: Valkey

    def ask(self, method: str, path: str, slug: str, **given: Any) -> requests.Response:
        headers = {"Host": f"{slug}.localhost", **given.pop("headers", {})}
        return requests.request(method, self.url + path, headers=headers, timeout=30, **given)

    def sign_in(self, slug: str) -> dict[str, str]:
        """The headers of the owner, signed in for real."""
        body = {"email": f"owner@{slug}.example", "password": PASSWORD}
        answer = self.ask("POST", "/api/v1/auth/login/", slug, json=body)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access']}"}

    def lines(self) -> list[dict[str, Any]]:
        """What the process has logged. Raises when a line is no JSON."""
        return [orjson.loads(line) for line in self.log.read_bytes().splitlines()]


@contextmanager
def site(**variables: str) -> Iterator[Site]:
    with embedded.ephemeral() as addresses, tempfile.TemporaryDirectory() as directory:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TENANCY_"))},
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "DEBUG": "false",
            "DATABASE_URL": addresses.database_url,
            "REDIS_URL": addresses.redis_url,
            "LOG_FORMAT": "json",
            "TENANCY_POOL_SIZE": "2",
            **variables,
        }
        with forking.commands(environment) as commands:
            manage(commands, "migrate")
            for slug in ("acme", "globex"):
                manage(
                    commands, "onboard", slug, "--name", slug, "--owner", f"owner@{slug}.example", "--password-stdin"
                )
        places = Places(Path(addresses.redis_url.removeprefix("unix://").partition("?")[0]).parent.parent)
        log = Path(directory) / "log"
        with log.open("wb") as stream, gunicorn(environment, stream) as process:
            url = f"http://127.0.0.1:{port_of(log, process)}"
            # Not as throwaway: that one stops without writing down what was committed last.
            yield Site(url, log, Postgres(places), Valkey(places, throwaway=True))


def manage(commands: forking.Commands, *arguments: str) -> None:
    done = commands.run(*arguments, typed=PASSWORD + "\n")
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def gunicorn(environment: dict[str, str], stream: Any) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:0", "--no-control-socket"]
    workers = ["--workers", "1", "--worker-class", "gthread", "--threads", "4"]
    with subprocess.Popen([*command, *workers], cwd=ROOT, env=environment, stdout=stream, stderr=stream) as process:
        try:
            yield process
        finally:
            process.terminate()


def port_of(log: Path, process: subprocess.Popen[bytes]) -> str:
    """The port that the kernel chose, once the site answers there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(rb"127\.0\.0\.1:(\d+)", log.read_bytes())
        if found:
            try:
                requests.get(f"http://127.0.0.1:{found[1].decode()}/healthz", timeout=PATIENCE)
            except requests.ConnectionError:
                continue
            return found[1].decode()
        time.sleep(0.05)
    raise AssertionError(log.read_text())
