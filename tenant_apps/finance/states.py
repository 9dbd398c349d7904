"""How an entry stands on a day: derived from its payments and its due date, never stored."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from tenant_apps.finance.models import Entry


class State(models.TextChoices):
    OPEN = "open", _("open")
    PARTIAL = "partial", _("partly paid")
    OVERDUE = "overdue", _("overdue")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")


TONES = {"open": "warning", "partial": "info", "overdue": "danger", "paid": "success", "cancelled": "muted"}


def state_of(entry: Entry, today: date) -> State:
    if entry.cancellation_id is not None:
        return State.CANCELLED
    if entry.paid >= entry.amount:
        return State.PAID
    if entry.due_on < today:
        return State.OVERDUE
    return State.PARTIAL if entry.paid else State.OPEN


def state_column(today: date) -> Case:
    """The same in SQL."""
    return Case(
        When(cancellation__isnull=False, then=Value("cancelled")),
        When(paid__gte=F("amount"), then=Value("paid")),
        When(due_on__lt=today, then=Value("overdue")),
        When(paid__gt=0, then=Value("partial")),
        default=Value("open"),
        output_field=models.CharField(),
    )


def in_state(state: str, today: date) -> Q:
    """What the filter of a list means. "open" is whatever is not wholly paid; "" whatever stands; "all" everything."""
    stands = Q(cancellation=None)
    unpaid = stands & Q(paid__lt=F("amount"))
    return {
        "": stands,
        "all": Q(),
        "open": unpaid,
        "partial": unpaid & Q(paid__gt=0),
        "overdue": unpaid & Q(due_on__lt=today),
        "paid": stands & Q(paid__gte=F("amount")),
        "cancelled": Q(cancellation__isnull=False),
    }[state]
