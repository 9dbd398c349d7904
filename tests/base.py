"""One migrated database for a whole run: every worker's is a copy of it, as is a live server's.

The ten seconds of CPU that migrations take are spent once, by the controller of pytest-xdist while its workers are
still collecting. Without workers there is none, and the one process migrates its own.
"""

from __future__ import annotations

import gc
import os
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from shared_apps.tenancy import context

VARIABLE = "TESTS_BASE"  # its name; processes that tests start inherit it
NAME = "colmeia_base"
LOCK = 7_405_926


def ensure() -> str | None:
    """The name of the database, there and at the head of the migrations; None when this run has none."""
    name = os.environ.get(VARIABLE)
    if name and not _exists(name):
        with _maintenance() as server:
            server.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            if not _exists(name):
                _build(server, name)
    return name


def copy(name: str) -> str:
    """The URL of a new database like it, in place of one of this name; the base itself must be idle, as it is."""
    base = ensure()
    assert base is not None
    with _maintenance() as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(base)))
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def start() -> Thread:
    """Have this run have one. For the controller, which otherwise uses no database."""
    os.environ[VARIABLE] = NAME
    thread = Thread(target=_start)
    thread.start()
    return thread


def _start() -> None:
    gc.enable()
    with context.public():
        ensure()


def _build(server: psycopg.Connection[Any], name: str) -> None:
    """Under another name until all is done: a half of it is never copied."""
    half, before = f"{name}_half", connection.settings_dict["NAME"]
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(half)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
    connection.close()
    connection.settings_dict["NAME"] = half
    try:
        call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    server.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name)))


def _exists(name: str) -> bool:
    with _maintenance() as server:
        return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _maintenance() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    return psycopg.connect(
        **{key: parameters[key] for key in ("host", "port", "user", "password", "sslmode") if key in parameters},
        dbname="postgres",
        autocommit=True,
    )
