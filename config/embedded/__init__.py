"""PostgreSQL and Redis without installing either: what a clone uses when DATABASE_URL or REDIS_URL is not set.

Both listen on a Unix socket only. ``ensure()`` starts what is missing and leaves it running (``make stop`` ends it);
``ephemeral()`` is a pair of servers for one test run or one measurement.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .places import ROOT, Addresses, EmbeddedServerError, Places, broker_url

if TYPE_CHECKING:
    from .postgres import Postgres
    from .valkey import Valkey

__all__ = [
    "ROOT",
    "Addresses",
    "EmbeddedServerError",
    "addresses",
    "broker_url",
    "ensure",
    "ephemeral",
    "running",
    "start",
    "stop",
    "sweep",
]

EPHEMERAL_PREFIX = "colmeia-ephemeral-"


def addresses(root: Path = ROOT) -> Addresses:
    """The URLs of the embedded servers of ``root``, running or not. Reads and starts nothing."""
    return Places(root).addresses


def ensure(root: Path = ROOT) -> Addresses:
    """Have a database and a Redis: the environment's where it names one, ours (started if need be) where not."""
    start(root)
    embedded = addresses(root)
    return Addresses(
        database_url=os.environ.get("DATABASE_URL") or embedded.database_url,
        redis_url=os.environ.get("REDIS_URL") or embedded.redis_url,
    )


def start(root: Path = ROOT) -> list["Postgres | Valkey"]:
    """Start what the environment does not name and is not running; returns the servers this call started.

    Two processes may call it at once. Raises EmbeddedServerError.
    """
    places = Places(root)
    missing = [server for server in _wanted(places) if not server.is_up()]
    if not missing:
        return []
    with _lock(places):
        return [server for server in missing if server.start()]


def running(root: Path = ROOT) -> set[str]:
    """The names of the embedded servers of ``root`` that run, whatever the environment names."""
    return {server.name for server in _all(Places(root)) if server.is_up()}


def stop(root: Path = ROOT, *, keep: Collection[str] = ()) -> list["Postgres | Valkey"]:
    """Stop the servers of ``root``, except those named in ``keep``; returns those that it stopped."""
    places = Places(root)
    if not places.lock.exists():
        return []
    with _lock(places):
        return [server for server in _all(places) if server.name not in keep and server.stop()]


@contextmanager
def ephemeral(postgres: Mapping[str, str | int] | None = None) -> Iterator[Addresses]:
    """Two fresh servers in a directory under the temp directory, both gone at the end.

    Safety against power cuts is off. ``postgres`` holds further settings, such as ``{"max_connections": 400}``.
    """
    from .postgres import Postgres
    from .valkey import Valkey

    sweep()
    with ExitStack() as stack:
        root = Path(tempfile.mkdtemp(prefix=EPHEMERAL_PREFIX))
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        places = Places(root)
        stack.enter_context(_lock(places))  # held while we live: how sweep() tells the living from the dead
        for server in (Postgres(places, throwaway=True, settings=postgres), Valkey(places, throwaway=True)):
            stack.callback(server.stop)
            server.start()
        yield places.addresses


def sweep() -> None:
    """Stop and remove ephemeral servers whose owner died without a chance to (kill -9)."""
    for root in Path(tempfile.gettempdir()).glob(f"{EPHEMERAL_PREFIX}*"):
        places = Places(root)
        with suppress(OSError, EmbeddedServerError), places.lock.open("rb+") as handle:  # no lock file: just being made
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for server in _all(places, throwaway=True):
                server.stop()
            shutil.rmtree(root, ignore_errors=True)


def _all(places: Places, *, throwaway: bool = False) -> list["Postgres | Valkey"]:
    from .postgres import Postgres
    from .valkey import Valkey

    return [Postgres(places, throwaway), Valkey(places, throwaway)]


def _wanted(places: Places) -> list["Postgres | Valkey"]:
    named = {"PostgreSQL": os.environ.get("DATABASE_URL"), "Redis": os.environ.get("REDIS_URL")}
    # The server modules are imported only when one is needed: production installs do not have their packages.
    return [] if all(named.values()) else [server for server in _all(places) if not named[server.name]]


@contextmanager
def _lock(places: Places) -> Iterator[None]:
    places.root.mkdir(parents=True, exist_ok=True)
    with places.lock.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
