"""Reactions of the money book to the calendar and to the client book."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from tenant_apps.clients.models import Client
from tenant_apps.clients.signals import clients_merged
from tenant_apps.finance import services
from tenant_apps.scheduling.models import Appointment, Contract
from tenant_apps.scheduling.signals import appointment_done, appointment_undone, contract_changed
from tenant_apps.team.models import Member


@receiver(appointment_done)
def on_appointment_done(sender: object, appointment: Appointment, actor: Member | None, **kwargs: Any) -> None:
    services.charge_appointment(appointment, actor=actor)


@receiver(appointment_undone)
def on_appointment_undone(sender: object, appointment: Appointment, actor: Member | None, **kwargs: Any) -> None:
    services.withdraw_charge(appointment, actor=actor)


@receiver(contract_changed)
def on_contract_changed(sender: object, contract: Contract, **kwargs: Any) -> None:
    if contract.billing in services.MONTHLY:
        services.mark_night(timezone.now())


@receiver(clients_merged)
def on_clients_merged(sender: object, survivor: Client, other: Client, **kwargs: Any) -> None:
    services.move_entries(other, survivor)
