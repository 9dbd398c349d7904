"""A firm with years behind it: its first page, its contracts' visits, its entries on paper."""

from __future__ import annotations

from tests.bench.harness import Agent, Row, near

CONTRACTS, PROFESSIONALS = 1000, 20
VISITS = 2000  # in a month


def lines(environment: dict[str, str]) -> list[Row]:
    ours = Agent("tests.bench.side_day", environment)
    made = ours.call("fill")
    size = f"{made['appointments']:,} visits and {made['entries']:,} entries"
    home = ours.call("page", path="/")
    night = ours.call("generate", contracts=CONTRACTS, professionals=PROFESSIONALS)
    ours.close()
    writing = Agent("tests.bench.side_day", environment)  # a process that has not grown yet
    csv = writing.call("entries_as_csv")
    writing.close()
    drawing = Agent("tests.bench.side_month", environment)
    month = drawing.call("month", visits=VISITS)
    drawing.close()
    return [
        near("dashboard, statements", home["statements"], 8, 1, unit="SQL", note=size),
        near(
            "dashboard, time in the database", home["database"], 0.15, 1, note=f"{home['whole'] * 1000:.0f} ms in all"
        ),
        near(
            f"visits of {CONTRACTS:,} contracts, {night['weeks']:.0f} weeks",
            night["seconds"],
            10,
            1,
            note=f"{night['visits']:,.0f} visits, {night['cpu']:.1f} s of CPU here, the rest in the database",
        ),
        near(f"calendar of a month with {VISITS:,} visits, statements", month["statements"], 4, 1, unit="SQL"),
        near(
            f"calendar of a month with {VISITS:,} visits, against its JSON alone",
            month["whole"],
            month["json"],
            1.5,
            note=f"{month['kB']:.0f} kB",
        ),
        near(
            f"{csv['entries']:,.0f} entries as CSV, memory it takes",
            csv["grown"],
            20,
            1,
            unit="MB",
            note=f"{csv['sent']:.1f} MB in {csv['seconds']:.1f} s",
        ),
    ]
