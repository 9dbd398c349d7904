"""Dragging: one visit, or the series it belongs to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, Stale
from shared_apps.organizations import current
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Appointment
from tenant_apps.team.models import Member

SCOPES = ("this", "following", "all")


class SeriesDay(DomainError):
    code = "series_day"
    message = _("By dragging, a whole series changes its time of day. For another weekday, change its contract.")


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
    """Raises what `move_appointment`, `split_contract` and `update_contract` raise, and SeriesDay."""
    contract = appointment.contract
    if scope == "this" or contract is None or appointment.occurrence_on is None:
        services.move_appointment(
            appointment, actor=actor, starts_at=starts_at, ends_at=ends_at, expected=expected, overrule=overrule
        )
        return
    if expected is not None and appointment.version not in expected:
        raise Stale(version=appointment.version)
    where = current.zone()
    if local.day_of(starts_at, where) != local.day_of(appointment.starts_at, where):
        raise SeriesDay
    time = starts_at.astimezone(where).time().replace(tzinfo=None)
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if scope == "following":
        services.split_contract(
            contract,
            actor=actor,
            from_day=appointment.occurrence_on,
            overrule=overrule,
            time=time,
            duration_minutes=minutes,
        )
    else:
        services.update_contract(contract, actor=actor, overrule=overrule, time=time, duration_minutes=minutes)
