"""`make bench`: Colmeia beside plain django-tenants, in the same run, interleaved. A table and bench.json."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from tests.bench import (
    console_lines,
    day_lines,
    hours_lines,
    money_lines,
    page_lines,
    requests_lines,
    schema_lines,
    webhook_lines,
    work_lines,
)
from tests.bench.harness import Agent, Row
from tests.bench.migrations_of import make_package
from tests.bench.servers import servers

PARTS = ("provision", "fleet", "delete", "jobs", "memory", "requests", "pages", "day", "money", "webhooks")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", choices=PARTS, action="append", help="measure this part alone; may be repeated")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--organizations", type=int, default=1000)
    arguments.add_argument("--out", type=Path, default=Path("bench.json"))
    chosen = arguments.parse_args()
    start = time.monotonic()
    rows = measure(set(chosen.only or PARTS), chosen.rounds, chosen.organizations)
    chosen.out.write_text(json.dumps([row.as_dict() for row in rows], indent=2) + "\n")
    table(rows)
    print(f"\n{sum(row.met for row in rows)} of {len(rows)} goals met, in {time.monotonic() - start:.0f} s.")


def measure(parts: set[str], rounds: int, organizations: int) -> list[Row]:
    rows: list[Row] = []
    names = [f"f{number:04}" for number in range(organizations)]
    half = len(names) // 2
    with servers() as running, tempfile.TemporaryDirectory() as directory:
        make_package(Path(directory), more=0)
        mine = {**running.environment("ours"), "BENCH_MIGRATIONS": directory, "BENCH_CONN_MAX_AGE": "600"}
        theirs = {**running.environment("vanilla"), "BENCH_MIGRATIONS": directory, "BENCH_CONN_MAX_AGE": "600"}
        mine["DJANGO_SETTINGS_MODULE"] = "tests.bench.ours_settings"
        theirs["DJANGO_SETTINGS_MODULE"] = "tests.bench.vanilla.settings"
        ours = Agent("tests.bench.side_ours", mine)
        vanilla = Agent("tests.bench.side_vanilla", theirs)
        ours.call("setup")
        vanilla.call("setup")
        vanilla.call("create", name="one")
        say("Two empty databases.")
        first = 0.0
        if "provision" in parts:
            provisioned, first = schema_lines.provisioning(ours, vanilla, rounds, organizations=1)
            rows += provisioned
        if parts & {"requests"}:
            say("The client list.")
            rows += requests_lines.lines(running, ours, rounds)
        if "pages" in parts:
            say("Pages, search and imports.")
            rows += page_lines.lines(mine)
            rows += console_lines.lines(mine)
        if "day" in parts:
            say("A firm with years behind it.")
            rows += day_lines.lines(mine)
            say(f"The mornings of {organizations:,} organizations.")
            rows += hours_lines.lines(running, mine, organizations, max(1, rounds - 2))
        if "money" in parts:
            say("The money of years.")
            rows += money_lines.lines(mine)
        if "webhooks" in parts:
            say("Webhooks of payment gateways.")
            rows += webhook_lines.lines(mine, max(1, rounds // 2))
        if parts & {"provision", "fleet", "delete", "jobs", "memory"}:
            schema_lines.make(running, ours, vanilla, names[:half])
            say(f"{half} organizations on each side.")
        if "fleet" in parts:
            vanilla_environment = {**theirs, "BENCH_CONN_MAX_AGE": "0"}
            rows += schema_lines.fleet(running, Path(directory), mine, vanilla_environment, max(1, rounds - 2))
        ours.close()
        vanilla.close()
        ours = Agent("tests.bench.side_ours", mine)  # knows the migrations made meanwhile
        vanilla = Agent("tests.bench.side_vanilla", theirs)
        if parts & {"provision", "delete", "jobs", "memory"}:
            schema_lines.make(running, ours, vanilla, names[half:])
            say(f"{len(names)} organizations on each side.")
        if "provision" in parts:
            provisioned, last = schema_lines.provisioning(ours, vanilla, rounds, organizations=organizations)
            rows += provisioned
            rows.append(schema_lines.flat(first, last, organizations))
        if "delete" in parts:
            rows += schema_lines.deleting(ours, vanilla, rounds)
        if "jobs" in parts:
            rows += work_lines.daily_job(running, mine, theirs, ours, vanilla, names, max(1, rounds // 2))
        if "memory" in parts:
            rows += work_lines.memory(running, ours, vanilla, names)
        ours.close()
        vanilla.close()
    return rows


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def table(rows: list[Row]) -> None:
    width = max(len(row.name) for row in rows)
    print(f"\n{'':{width}}  {'ours':>10}  {'theirs':>10}  {'limit':>10}  {'ratio':>8}  goal")
    for row in rows:
        print(
            f"{row.name:{width}}  {_value(row.ours, row)}  {_value(row.theirs, row)}  {_value(row.limit, row)}  "
            f"{row.ratio:8.2f}  {row.goal:8} {'met' if row.met else 'NOT MET'}{'  ' + row.note if row.note else ''}"
        )


def _value(value: float | None, row: Row) -> str:
    if value is None:
        return " " * 10
    return f"{value * 1000:7.1f} ms" if row.unit == "s" and value < 1 else f"{value:7.1f} {row.unit:2.2}"


if __name__ == "__main__":
    main()
