"""Making, migrating and deleting schemas."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from pathlib import Path

import psycopg

from tests.bench import copies
from tests.bench.harness import Agent, Row, faster, interleave, near, run
from tests.bench.migrations_of import make_package
from tests.bench.servers import Servers

OURS = [sys.executable, "manage.py", "migrate"]
VANILLA = [sys.executable, "-m", "tests.bench.vanilla.manage", "migrate_schemas"]
COLUMN = 'ALTER TABLE "{0}".clients_client ADD COLUMN bench_bare_{1} integer DEFAULT 0 NOT NULL'
CONNECTIONS = 2  # TENANCY_FLEET_CONNECTIONS


class Names:
    """A new name at each call."""

    def __init__(self, prefix: str) -> None:
        self.prefix, self.used = prefix, []  # type: ignore[var-annotated]

    def __call__(self) -> str:
        self.used.append(f"{self.prefix}{len(self.used):04}")
        return self.used[-1]


def make(servers: Servers, ours: Agent, vanilla: Agent, names: list[str]) -> None:
    """The same number of organizations on both sides."""
    ours.call("organizations", names=names)
    copies.make(servers.vanilla, "one", names)
    vanilla.call("register", names=names)


def provisioning(ours: Agent, vanilla: Agent, rounds: int, *, organizations: int) -> tuple[list[Row], float]:
    """Rows, and the seconds of one clone (to see that it stays flat)."""
    size = f"at {organizations:,} organizations"
    claimed, cloned, bare, created = Names("org_k"), Names("org_l"), Names("x"), Names("v")
    for names in (claimed, cloned, bare, created):
        names.prefix += f"{organizations}_"
    taken = interleave(
        rounds,
        claim=lambda: ours.call("claim", name=claimed()),
        clone=lambda: ours.call("clone_one", name=cloned()),
        bare=lambda: ours.call("bare_replay", name=bare()),
        create=lambda: vanilla.call("create", name=created()),
    )
    ours.call("forget_bare", names=bare.used)
    rows = [
        faster(f"organization ready, from the pool, {size}", taken["claim"], taken["create"], 150),
        faster(f"organization ready, by clone, {size}", taken["clone"], taken["create"], 4.5),
        near(f"clone against bare replay, {size}", taken["clone"], taken["bare"], 1.3),
    ]
    return rows, taken["clone"]


def flat(first: float, last: float, organizations: int) -> Row:
    return near(f"clone, 1 against {organizations:,} organizations", last, first, 1.3, note="flat")


def fleet(servers: Servers, directory: Path, ours: dict[str, str], vanilla: dict[str, str], rounds: int) -> list[Row]:
    """Nothing to do, and one AddField, over every schema there is; whole processes."""
    idle = interleave(rounds, ours=lambda: run(OURS, ours), theirs=lambda: run(VANILLA, vanilla))
    rows = [faster("nothing to migrate, 500 schemas, whole process", idle["ours"], idle["theirs"], 150)]
    whole: dict[str, list[float]] = {"ours": [], "theirs": [], "apply": [], "bare": []}
    for number in range(1, rounds + 1):
        make_package(directory, more=number)
        whole["ours"].append(run(OURS, ours))
        whole["apply"].append(_applied(servers.ours, f"9{number:03}_bench"))
        whole["bare"].append(_bare_alter(servers.ours, number))
        whole["theirs"].append(run(VANILLA, vanilla))
    middle = {name: statistics.median(values) for name, values in whole.items()}
    rows.append(faster("one AddField, 500 schemas, whole process", middle["ours"], middle["theirs"], 100))
    rows.append(
        near("one AddField, the applying alone, against bare ALTER TABLE", middle["apply"], middle["bare"], 1.5)
    )
    return rows


def _applied(url: str, migration: str) -> float:
    """Seconds from the first schema's start to the last one's end, as the ledger has it."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT extract(epoch FROM max(started_at + duration_ms * interval '1 ms') - min(started_at)) "
            "FROM public.tenancy_migrationrun WHERE migration = %s AND schema_name <> 'tenancy_template'",
            [migration],
        ).fetchone()
    assert row is not None
    return float(row[0])


def _bare_alter(url: str, number: int) -> float:
    """Seconds of the same ALTER TABLE in every schema, on as many connections, with no book-keeping at all."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT name FROM public.tenancy_schema WHERE kind = 'organization'").fetchall()
    names = [name for (name,) in found]

    def alter(mine: list[str]) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            for name in mine:
                connection.execute(COLUMN.format(name, number).encode())

    threads = [threading.Thread(target=alter, args=[names[part::CONNECTIONS]]) for part in range(CONNECTIONS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def deleting(ours: Agent, vanilla: Agent, rounds: int) -> list[Row]:
    mine, theirs = Names("org_r"), Names("w")
    for _ in range(rounds):
        ours.call("claim", name=mine())
        vanilla.call("create", name=theirs())
    waiting = (iter(mine.used), iter(theirs.used))
    taken = interleave(
        rounds,
        ours=lambda: ours.call("retire", name=next(waiting[0])),
        theirs=lambda: vanilla.call("drop", name=next(waiting[1])),
    )
    locks = ours.call("drop_all_and_count_locks")
    return [
        faster("delete an organization, what its user waits for", taken["ours"], taken["theirs"], 15),
        near("locks held by one transaction while dropping", locks, 64, 1, unit="locks"),
    ]
