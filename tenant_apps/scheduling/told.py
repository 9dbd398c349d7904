"""What is said of an appointment, and who goes there: read in one statement, whose SQL is composed once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from shared_apps.core.prepared import Given, prepared
from tenant_apps.notifications.recipients import Recipient
from tenant_apps.scheduling.models import Appointment, AppointmentQuerySet, Booking, Line

COLUMNS = (
    "pk", "starts_at", "arrival_until", "client", "client__name", "client__email", "client__phone", "client__archival",
    "place__street", "place__number", "place__district", "place__city", "place__label", "cancellation__reason",
)  # fmt: skip


class Professional(NamedTuple):
    person: Recipient
    is_active: bool


class Told(NamedTuple):
    pk: UUID
    starts_at: datetime
    arrival_until: datetime | None
    client_id: UUID
    client_name: str
    client_email: str
    client_phone: str
    client_archival: UUID | None
    street: str | None
    number: str | None
    district: str | None
    city: str | None
    label: str | None
    reason: str | None
    team: list[Professional]
    services: list[str]

    @property
    def place(self) -> str:
        """On one line, as people say it."""
        street = f"{self.street or ''} {self.number or ''}".strip()
        return ", ".join(filter(None, [street, self.district, self.city])) or self.label or ""


def composed(found: AppointmentQuerySet) -> QuerySet[Appointment, Any]:
    """The query of a prepared one: what `read` understands of these appointments."""
    person = JSONObject(
        pk="member",
        name="member__name",
        email="member__email",
        user_id="member__user_id",
        is_active="member__is_active",
    )
    team = Booking.objects.filter(appointment=OuterRef("pk")).order_by("member__name", "member")
    services = Line.objects.filter(appointment=OuterRef("pk")).order_by("position", "pk")
    return found.annotate(
        team=ArraySubquery(team.values_list(person)), services=ArraySubquery(services.values_list("offering__name"))
    ).values_list(*COLUMNS, "team", "services")


def read(rows: list[tuple[Any, ...]]) -> list[Told]:
    return [Told(*row)._replace(team=[_professional(one) for one in row[-2]]) for row in rows]


@prepared
def one(key: Given) -> QuerySet[Appointment, Any]:
    return composed(Appointment.objects.filter(pk=key))


@prepared
def next_of_contract(contract: Given, after: Given) -> QuerySet[Appointment, Any]:
    standing = Appointment.objects.standing().filter(contract=contract, starts_at__gt=after)
    return composed(standing.order_by("starts_at", "pk"))[:1]


def _professional(said: dict[str, Any]) -> Professional:
    person = Recipient.colleague(UUID(said["pk"]), said["name"], said["email"], UUID(said["user_id"]))
    return Professional(person, said["is_active"])
