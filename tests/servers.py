"""Pytest plugin: a PostgreSQL and a Redis of the test run's own, never the development data.

Loaded by `-p tests.servers` (pyproject.toml), so before pytest-django reads the settings. A server that the environment
names (DATABASE_URL, REDIS_URL) is used instead: that is how the suite runs against another PostgreSQL version. Workers
of pytest-xdist are children of the process that started the servers and inherit the addresses; Django gives each worker
a database of its own (`test_colmeia_gw0`), this plugin a Redis database of its own.
"""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from types import FrameType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from config import embedded
from config.messages.catalogues import compile_stale

# Compiled once, not in each worker and in every process that a test starts: half of what it takes to come up, on
# machines where Python is told to keep nothing.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_servers = ExitStack()
_ours: list[str] = []  # the URL of the PostgreSQL, unless the environment names one
REDIS_DATABASES = 16  # what a Redis server has unless configured otherwise


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Start the servers around the moment when pytest-django loads the settings."""
    gc.disable()  # until all is loaded
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        os.environ["REDIS_URL"] = redis_database(os.environ["REDIS_URL"], int(worker.removeprefix("gw")))
    else:
        compile_stale()  # before the workers start: they read what is there
    if worker is None and not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        signal.signal(signal.SIGTERM, _interrupt)
        found = _servers.enter_context(embedded.ephemeral())
        _servers.callback(_restore, {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL")})
        _ours.extend([found.database_url] if not os.environ.get("DATABASE_URL") else [])
        os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or found.database_url
        os.environ["REDIS_URL"] = os.environ.get("REDIS_URL") or found.redis_url
    try:
        return (yield)
    except BaseException:
        _servers.close()  # settings that do not load: pytest_unconfigure may never come
        raise


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk a million objects over and over (a seventh of the time).

    Cycles that tests leave behind are found later than usual, not less surely.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


LIVE = ("tests/e2e/", "tests/badinput/test_site.py")


class Scheduling(LoadScopeScheduling):  # type: ignore[misc] # xdist is not typed
    """Tests go to whichever worker is free, but those that share a live server to one: it is started once."""

    def _split_scope(self, nodeid: str) -> str:
        return next((live for live in LIVE if nodeid.startswith(live)), nodeid)


def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Make the database that the workers copy while they are still coming up. Only on a server of our own."""
    if _ours:
        from tests import base  # the settings are loaded by now

        config.stash[blocking_manager_key].unblock()
        _servers.callback(base.start().join)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop them, after Ctrl-C too."""
    _servers.close()


def redis_database(url: str, worker: int) -> str:
    """The URL of a Redis database for a worker's own use, 0 being the controller's."""
    number = 1 + worker % (REDIS_DATABASES - 1)
    if url.startswith("unix:"):
        return f"{url.partition('?')[0]}?db={number}"
    return urlunsplit(urlsplit(url)._replace(path=f"/{number}"))


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
