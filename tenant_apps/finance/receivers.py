"""Reactions of the money book to the calendar."""

from typing import Any

from django.dispatch import receiver

from tenant_apps.finance import services
from tenant_apps.scheduling.models import Appointment
from tenant_apps.scheduling.signals import appointment_done, appointment_undone
from tenant_apps.team.models import Member


@receiver(appointment_done)
def on_appointment_done(sender: object, appointment: Appointment, actor: Member | None, **kwargs: Any) -> None:
    services.charge_appointment(appointment, actor=actor)


@receiver(appointment_undone)
def on_appointment_undone(sender: object, appointment: Appointment, actor: Member | None, **kwargs: Any) -> None:
    services.withdraw_charge(appointment, actor=actor)
