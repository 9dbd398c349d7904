"""The first page. In the planted world nothing happens this month, so it names nobody."""

from __future__ import annotations

from tests.isolation.rows.base import Row

ROWS: dict[str, Row] = {
    "GET /": Row(),
    "GET /api/v1/dashboard/": Row(shows=False),
}
