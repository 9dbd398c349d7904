"""Where the embedded servers keep their data and their sockets, and the addresses that follow from it."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

ROOT = Path(__file__).resolve().parents[2] / ".local"
DATABASE_NAME = "colmeia"
DATABASE_USER = "postgres"

POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "redis.sock"
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero among them.
LONGEST_SOCKET_PATH = 103


class EmbeddedServerError(RuntimeError):
    """An embedded server cannot be installed, started or stopped; the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The two URLs that settings read. Either may be the user's own server."""

    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Places:
    """The directories of one pair of embedded servers, all derived from ``root``; nothing here touches the disk."""

    root: Path

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def redis_data(self) -> Path:
        return self.root / "redis"

    @property
    def lock(self) -> Path:
        return self.root / "embedded.lock"

    @property
    def sockets(self) -> Path:
        """``root/run``; a short private directory under the temp directory when a socket's path would not fit."""
        inside = self.root / "run"
        if len(os.fsencode(inside / POSTGRES_SOCKET)) <= LONGEST_SOCKET_PATH:
            return inside
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"colmeia-{os.getuid()}-{key}"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / REDIS_SOCKET

    @property
    def addresses(self) -> Addresses:
        host = quote(str(self.sockets), safe="")
        return Addresses(
            database_url=f"postgres://{DATABASE_USER}@/{DATABASE_NAME}?host={host}",
            redis_url=f"unix://{quote(str(self.redis_socket))}?db=0",
        )

    def make_socket_directory(self, owner: int) -> None:
        """Create the directory, mode 0700, owned by user id ``owner``.

        Raises EmbeddedServerError when somebody else put something there first (the temp directory is shared).
        """
        self.sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.getuid(), owner}:
            raise EmbeddedServerError(f"{self.sockets} belongs to another user; remove it and try again.")
        os.chown(self.sockets, owner, -1)
        self.sockets.chmod(0o700)


def broker_url(redis_url: str) -> str:
    """The URL under which Celery finds the same Redis: kombu spells Unix sockets ``redis+socket://``."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
