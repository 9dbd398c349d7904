"""What the pages share."""

from __future__ import annotations

from datetime import date

from django.utils.dateparse import parse_date


def day_or_none(text: str) -> date | None:
    """A page forgives: what is no day asks for none."""
    try:
        day = parse_date(text[:10])
    except ValueError:
        return None
    return day if day and 2000 <= day.year <= 2100 else None
