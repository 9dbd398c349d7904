"""What the calendar does when something happens to a client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.utils import timezone

from tenant_apps.clients.models import Client
from tenant_apps.clients.signals import client_archiving, clients_merged
from tenant_apps.scheduling import local
from tenant_apps.scheduling.errors import ClientHasVisits
from tenant_apps.scheduling.models import Appointment, Contract


@receiver(clients_merged)
def on_clients_merged(sender: object, survivor: Client, other: Client, **_more: Any) -> None:
    Appointment.objects.filter(client=other).update(client=survivor)
    Contract.objects.filter(client=other).update(client=survivor)


@receiver(client_archiving)
def on_client_archiving(sender: object, clients: Sequence[Client], **_more: Any) -> None:
    """Nobody goes to a client that is put away. Raises ClientHasVisits with the first that somebody would go to."""
    now = timezone.now()
    visits = Appointment.objects.standing().filter(client__in=clients, ends_at__gt=now)
    visits = visits.filter(status__in=[Appointment.Status.PENDING, Appointment.Status.CONFIRMED])
    runs = Q(ends_on=None) | Q(ends_on__gte=local.day_of(now))
    contracts = Contract.objects.filter(runs, client__in=clients)
    busy = set(
        visits.order_by()
        .values_list("client_id", flat=True)
        .union(contracts.order_by().values_list("client_id", flat=True))
    )
    for client in clients:
        if client.pk in busy:
            raise ClientHasVisits(name=client.name)
