"""A firm's money after years: its list as a file, its report on paper, its first page's statements."""

from __future__ import annotations

from tests.bench.harness import Agent, Row, near

FEW, MANY = 10_000, 100_000
PAPER_ROWS = 1_000
NOISE = 2.0  # MB: what one file more costs a process, of whatever length


def lines(environment: dict[str, str]) -> list[Row]:
    filling = Agent("tests.bench.side_money", environment)
    made = filling.call("fill")
    home = filling.call("dashboard")
    filling.close()
    size = f"{made['appointments']:,} visits and {made['entries']:,} entries"
    writing = Agent("tests.bench.side_money", environment)  # a process that has not grown yet
    few, many = (writing.call("entries_as_csv", rows=rows) for rows in (FEW, MANY))
    writing.close()
    printing = Agent("tests.bench.side_money", environment)
    paper = printing.call("entries_as_pdf", rows=PAPER_ROWS)
    printing.close()
    return [
        near("dashboard, statements (money)", home["statements"], 8, 1, unit="SQL", note=size),
        near(
            "dashboard, execution by EXPLAIN ANALYZE", home["executed"], 0.15, 1, note=f"slowest: {home['slowest']}"
        ),
        near(
            f"entries as CSV, memory of {MANY:,} over {FEW:,}",
            max(many["peak"] - few["peak"], 0.0),
            NOISE,
            1,
            unit="MB",
            note=f"peaks {few['peak']:.2f} and {many['peak']:.2f} MB, {many['sent']:.1f} MB sent",
        ),
        near(
            f"{MANY:,} entries as CSV, the process grows by", many["grown"], 20, 1, unit="MB",
            note=f"{few['grown']:.1f} MB for {FEW:,} before it",
        ),
        near(f"PDF of {PAPER_ROWS:,} rows, CPU", paper["cpu"], 5, 1, note=f"{paper['seconds']:.1f} s by the clock"),
        near(f"PDF of {PAPER_ROWS:,} rows, the whole process", paper["memory"], 300, 1, unit="MB",
             note=f"{paper['sent']:.2f} MB, {paper['pages']:.0f} pages"),
    ]  # fmt: skip
