"""Clients that may be one: alike in phone, in e-mail or in name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenant_apps.clients.models import Client

REASONS: dict[str, str | Promise] = {"phone": _("same phone"), "email": _("same e-mail"), "name_key": _("same name")}
GROUPS = 50
MEMBERS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """The first is the oldest; the others are compared with it."""

    first: Client
    others: list[Client]
    reasons: list[str]


def groups() -> list[Group]:
    """At most GROUPS for each reason; one statement for each, and one for the clients."""
    alike: dict[tuple[UUID, ...], list[str]] = {}
    standing = Client.objects.standing()
    for field, reason in REASONS.items():
        same = standing.exclude(**{field: ""}).values(field)
        found = same.annotate(ids=ArrayAgg("id", order_by="id"), size=Count("id")).filter(size__gt=1)
        for ids in found.order_by("-size", field).values_list("ids", flat=True)[:GROUPS]:
            alike.setdefault(tuple(ids[:MEMBERS]), []).append(str(reason))
    wanted = {pk for ids in alike for pk in ids}
    clients = {client.pk: client for client in standing.defer("search", "notes", "custom").filter(pk__in=wanted)}
    whole = [([clients[pk] for pk in ids if pk in clients], reasons) for ids, reasons in alike.items()]
    return [Group(found[0], found[1:], reasons) for found, reasons in whole if len(found) > 1]
