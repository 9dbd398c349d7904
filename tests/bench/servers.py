"""One durable server with a database per project, reached with a password: as an organization's data deserve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config import embedded

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "max_connections": 100}
WEB_USER = "bench_web"


@dataclass(frozen=True)
class Servers:
    """URLs. `password_for` is the same database for a user that must show a password (SCRAM), as web servers do."""

    ours: str
    vanilla: str
    redis: str

    def environment(self, side: str) -> dict[str, str]:
        return {"DATABASE_URL": getattr(self, side), "REDIS_URL": self.redis}

    def web_environment(self) -> dict[str, str]:
        url = self.ours.replace("//postgres@", f"//{WEB_USER}:bench@")
        return {"DATABASE_URL": url, "REDIS_URL": self.redis}


@contextmanager
def servers() -> Iterator[Servers]:
    """Everything at PostgreSQL's defaults (max_locks_per_transaction too), gone at the end."""
    with embedded.ephemeral(postgres=DURABLE) as addresses:
        urls = {}
        with psycopg.connect(addresses.database_url, autocommit=True) as connection:
            _ask_for_passwords(connection)
            database = addresses.database_url.split("?")[0].rsplit("/", 1)[1]
            for name in ("ours", "vanilla"):
                connection.execute(f"CREATE DATABASE {name}".encode())
                urls[name] = addresses.database_url.replace(f"/{database}?", f"/{name}?")
        yield Servers(**urls, redis=addresses.redis_url)


def _ask_for_passwords(connection: psycopg.Connection) -> None:
    connection.execute(f"CREATE ROLE {WEB_USER} SUPERUSER LOGIN PASSWORD 'bench'".encode())
    found = connection.execute("SHOW hba_file").fetchone()
    assert found is not None
    rules = Path(found[0])
    rules.write_text(f"local all {WEB_USER} scram-sha-256\n{rules.read_text()}")
    connection.execute("SELECT pg_reload_conf()")
