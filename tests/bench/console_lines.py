"""The owner's start page, against the limit the product set itself."""

from __future__ import annotations

from tests.bench.harness import Agent, Row, near

STATEMENTS = 9  # fewer than ten
ORGANIZATIONS = 5000


def lines(environment: dict[str, str]) -> list[Row]:
    ours = Agent("tests.bench.side_console", environment)
    found = ours.call("start_page", organizations=ORGANIZATIONS)
    ours.close()
    name = f"console's start page with {ORGANIZATIONS:,} organizations"
    note = f"counting an hour took {found['counted']:.2f} s"
    return [
        near(f"{name}, statements", found["statements"], STATEMENTS, 1, unit="SQL", note=note),
        near(name, found["seconds"], 0.5, 1),
    ]
