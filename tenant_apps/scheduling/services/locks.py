"""Locking, always in this order: client, contract, appointment, professionals. So nobody waits in a ring."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from shared_apps.core.errors import NotThere, Stale
from tenant_apps.clients.models import Client
from tenant_apps.clients.services.locks import locked
from tenant_apps.scheduling.errors import AppointmentCancelled, AppointmentFinished
from tenant_apps.scheduling.models import Appointment, Contract

FINISHED = frozenset({Appointment.Status.DONE, Appointment.Status.NO_SHOW})


def locked_appointment(pk: UUID, *, expected: Collection[int] | None = None) -> Appointment:
    """The appointment and its client, locked. Raises NotThere, Stale."""
    client_id = Appointment.objects.filter(pk=pk).values_list("client_id", flat=True).first()
    if client_id is None:
        raise NotThere
    client = locked(Client, client_id)
    appointment = locked(Appointment, pk, expected=expected)
    if appointment.client_id != client.pk:  # two clients became one in between
        raise Stale(version=appointment.version)
    appointment.client = client
    return appointment


def changeable_appointment(pk: UUID, *, expected: Collection[int] | None = None) -> Appointment:
    """The same, if it stands and is not finished. Raises AppointmentCancelled, AppointmentFinished."""
    appointment = locked_appointment(pk, expected=expected)
    if appointment.cancellation_id is not None:
        raise AppointmentCancelled
    if appointment.status in FINISHED:
        raise AppointmentFinished
    return appointment


def locked_contract(pk: UUID, *, expected: Collection[int] | None = None) -> Contract:
    """The contract and its client, locked. Raises NotThere, Stale."""
    client_id = Contract.objects.filter(pk=pk).values_list("client_id", flat=True).first()
    if client_id is None:
        raise NotThere
    client = locked(Client, client_id)
    contract = locked(Contract, pk, expected=expected)
    if contract.client_id != client.pk:
        raise Stale(version=contract.version)
    contract.client = client
    return contract
