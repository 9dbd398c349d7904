"""Refusals of the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class Refusal(DomainError):
    """A refusal that belongs to a field: `errors` names it, as for every 422."""

    field = "starts_at"

    def __init__(self, message: str | Promise | None = None, **extra: Any) -> None:
        super().__init__(message, **extra)
        self.extra.setdefault("errors", [{"field": self.field, "code": self.code, "message": self.detail}])

    @property
    def detail(self) -> str:
        return str(self.message)  # it names people: a "%(" in a name is no placeholder


class DoubleBooked(Refusal):
    """`collisions`: what is in the way; `alternatives`: the nearest times that are free, each {starts_at, ends_at}."""

    code = "double_booked"
    message = _("One of the professionals is taken at this time.")

    def __init__(
        self,
        message: str | Promise | None = None,
        *,
        collisions: Sequence[dict[str, Any]] = (),
        alternatives: Sequence[dict[str, Any]] = (),
    ) -> None:
        super().__init__(message, collisions=list(collisions), alternatives=list(alternatives))


class NotWorking(Refusal):
    """Nobody works then. Whoever books may overrule it (`overrule`); `reasons` says each that stands against it."""

    code = "not_working"
    message = _("Nobody works at this time.")

    def __init__(self, reasons: Sequence[str], *, alternatives: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(" ".join(reasons) or None, reasons=list(reasons), alternatives=list(alternatives))


class SeriesCollides(Refusal):
    """A whole series was refused: `collisions` names each day on which a professional is taken."""

    code = "series_collides"
    field = "member_ids"
    message = _("The professional is taken on some of these days.")

    def __init__(self, message: str | Promise | None = None, *, collisions: Sequence[dict[str, Any]] = ()) -> None:
        super().__init__(message, collisions=list(collisions))


class AppointmentCancelled(DomainError):
    code = "appointment_cancelled"
    message = _("This appointment is cancelled. Restore it before changing anything.")


class NotCancelled(DomainError):
    code = "not_cancelled"
    message = _("This appointment is not cancelled.")


class AppointmentStarted(DomainError):
    code = "appointment_started"
    message = _("This appointment has begun. Reopen it before cancelling it.")


class AppointmentFinished(DomainError):
    code = "appointment_finished"
    message = _("This appointment is finished. Reopen it before changing anything.")


class NotStarted(DomainError):
    code = "not_started"
    message = _("This appointment has not begun.")


class TooEarly(DomainError):
    code = "too_early"
    message = _("It is too early to say that: the time of this appointment has not come.")


class NotYours(DomainError):
    code = "not_yours"
    status = 403
    message = _("This appointment is a colleague's. Only those who manage the calendar may do that.")


class OfferingInUse(DomainError):
    code = "offering_in_use"
    message = _("This offering is in use. Say that it is no longer offered instead of removing it.")


class ContractEnded(DomainError):
    code = "contract_ended"
    message = _("This contract has ended.")


class ContractHasVisits(DomainError):
    code = "contract_has_visits"
    message = _("Visits of this contract have begun or are done. End it instead of removing it.")


class ClientHasVisits(DomainError):
    code = "client_has_visits"
    message = _("%(name)s still has appointments to come or a contract that runs. Cancel or end them first.")
