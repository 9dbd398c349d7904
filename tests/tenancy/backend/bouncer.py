"""A PgBouncer of the test run's own before the test server: transaction pooling, few server connections."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

PORT = "6432"
CONFIGURATION = """
[databases]
* = {upstream}
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {directory}
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
server_reset_query =
ignore_startup_parameters = extra_float_digits
"""


def binary() -> str | None:
    """Debian installs it where only root's PATH looks."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def pgbouncer(settings: dict[str, Any], *, servers: int) -> Iterator[dict[str, Any]]:
    """Yields what to change in a DATABASES entry to come in through it. `servers`: connections it keeps behind."""
    host = settings["OPTIONS"].get("host") or settings["HOST"] or "localhost"
    upstream = {"host": host, "port": settings["PORT"] or "5432", "user": settings["USER"] or "postgres"}
    if settings["PASSWORD"]:
        upstream["password"] = settings["PASSWORD"]
    identity = whoever_may_reach(host)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        file = directory / "pgbouncer.ini"
        words = " ".join(f"{key}='{value}'" for key, value in upstream.items())
        file.write_text(CONFIGURATION.format(upstream=words, port=PORT, directory=name, servers=servers))
        for path in (directory, file):
            os.chown(path, identity.get("user", os.getuid()), identity.get("group", os.getgid()))
        command = [binary() or "", "--quiet", str(file)]
        with (directory / "log").open("w") as log, subprocess.Popen(command, stderr=log, **identity) as process:
            try:
                wait(directory, settings["NAME"])
                yield {"HOST": name, "PORT": PORT, "OPTIONS": {"host": name, "sslmode": "disable"}}
            finally:
                process.terminate()


def whoever_may_reach(host: str) -> dict[str, Any]:
    """PgBouncer refuses to be root: as root, the owner of the server's private socket directory, else nobody."""
    if os.getuid() != 0:
        return {}
    owner = Path(host).stat().st_uid if host.startswith("/") else 0
    entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def wait(directory: Path, database: str) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(host=str(directory), port=PORT, user="postgres", dbname=database).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
