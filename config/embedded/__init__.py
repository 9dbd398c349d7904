"""PostgreSQL and Redis without installing either: what a clone uses when DATABASE_URL or REDIS_URL is not set.

Both listen on a Unix socket only. ``ensure()`` starts what is missing and leaves it running (``make stop`` ends it);
``ephemeral()`` is a pair of servers for one test run or one measurement.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from .places import ROOT, Addresses, EmbeddedServerError, Places, broker_url

if TYPE_CHECKING:
    from .postgres import Postgres
    from .valkey import Valkey

__all__ = ["ROOT", "Addresses", "EmbeddedServerError", "addresses", "broker_url", "ensure", "ephemeral", "start", "stop"]

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


def stop(root: Path = ROOT) -> list["Postgres | Valkey"]:
    """Stop both servers of ``root``, whatever the environment names; returns those that were running."""
    places = Places(root)
    if not root.exists():
        return []
    with _lock(places):
        return [server for server in _all(places) if server.stop()]


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
    wanted: list[Postgres | Valkey] = []
    # The server modules are imported only when used: production installs do not have their packages.
    if not os.environ.get("DATABASE_URL"):
        from .postgres import Postgres

        wanted.append(Postgres(places))
    if not os.environ.get("REDIS_URL"):
        from .valkey import Valkey

        wanted.append(Valkey(places))
    return wanted


@contextmanager
def _lock(places: Places) -> Iterator[None]:
    places.root.mkdir(parents=True, exist_ok=True)
    with places.lock.open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
