"""Dragging: one visit, or the series it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from tenant_apps.scheduling import services
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.models import Member

SCOPES = ("this", "following", "all")


def move(
    appointment: Appointment,
    *,
    actor: Member | None,
    starts_at: datetime,
    ends_at: datetime,
    scope: str = "this",
    expected: Collection[int] | None = None,
    overrule: bool = False,
) -> None:
    """To another time or another day. Raises what `change_visit` raises: not every series can follow to another day."""
    services.change_visit(
        appointment,
        actor=actor,
        scope=scope,
        starts_at=starts_at,
        ends_at=ends_at,
        expected=expected,
        overrule=overrule,
    )
