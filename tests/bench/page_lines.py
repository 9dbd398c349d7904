"""A firm's pages, search and imports, against the limits the product set itself."""

from __future__ import annotations

from tests.bench.harness import Agent, Row, near

STATEMENTS = 6
LOAD, BLOCKING = 250, 100  # kB, compressed
BOOK, IMPORTED = 100_000, 10_000  # clients


def lines(environment: dict[str, str]) -> list[Row]:
    ours = Agent("tests.bench.side_pages", environment)
    ours.call("prepare")
    counted = ours.call("statements")
    load = ours.call("first_load")
    found = ours.call("search", clients=BOOK)
    ours.close()
    rows = [
        near(
            "statements of a page, the most",
            max(counted.values()),
            STATEMENTS,
            1,
            unit="SQL",
            note=", ".join(f"{name} {count}" for name, count in counted.items()),
        ),
        near("first load of the list with all it needs, compressed", load["whole"], LOAD, 1, unit="kB"),
        near("largest part that keeps it from showing, compressed", load["blocking"], BLOCKING, 1, unit="kB"),
        near(
            f"search among {BOOK:,} clients, p95, against an equality",
            found["p95"],
            found["equality"],
            3,
            note=f"the worst term took {found['worst'] * 1000:.1f} ms",
        ),
    ]
    for kind in ("csv", "xlsx"):
        importing = Agent("tests.bench.side_pages", environment)
        took = importing.call("imported", kind=kind, clients=IMPORTED)
        importing.close()
        note = f"check {took['check']:.1f} s and run {took['run']:.1f} s"
        name = f"import of {IMPORTED:,} clients, {kind.upper()}"
        rows.append(near(name, took["check"] + took["run"], 10, 1, note=note))
        rows.append(near(f"{name}, the process's peak memory", took["peak"], 300, 1, unit="MB"))
    return rows
