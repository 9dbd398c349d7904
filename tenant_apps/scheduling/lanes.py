"""How PostgreSQL, without any extension, sees that two bookings of one professional overlap."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F
from django.db.models.sql.compiler import SQLCompiler


class Lane(models.Func):
    """A professional's time as a box in a plane: along it the seconds, across it a number made of the member's id.

    Two boxes of one member overlap when the times do. Two members never share a number but by a chance of 2^-52, which
    would refuse a booking, never let one through. GiST knows boxes without any extension; it has no operator class for
    uuid = without btree_gist. Boxes that touch overlap, so a box ends a millisecond early.
    """

    function = "box"
    template = (
        "box(point(extract(epoch from %(start)s - timestamptz '2000-01-01 00:00+00'), %(lane)s), "
        "point(extract(epoch from %(end)s - timestamptz '2000-01-01 00:00+00') - 0.001, %(lane)s))"
    )
    output_field = models.Field()

    def __init__(self, member: str = "member_id", start: str = "starts_at", end: str = "ends_at") -> None:
        super().__init__(F(member), F(start), F(end))

    def as_sql(  # type: ignore[override] # what Func offers for its subclasses' templates is not taken
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_context: Any
    ) -> tuple[str, list[Any]]:
        (member, of_member), (start, of_start), (end, of_end) = [
            compiler.compile(expression) for expression in self.get_source_expressions()
        ]
        lane = f"(('x' || right(replace({member}::text, '-', ''), 13))::bit(52)::bigint)::float8"
        sql = self.template % {"start": start, "end": end, "lane": lane}
        return sql, [*of_start, *of_member, *of_end, *of_member]
