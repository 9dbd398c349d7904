"""Clients that are there twice: found, compared, and made one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.clients import columns, duplicates, services
from tenant_apps.clients.errors import ClientArchived, SameClient
from tenant_apps.clients.models import Client, CustomField, Place
from tenant_apps.clients.page_views.answers import found
from tenant_apps.clients.services.merging import CHOSEN
from tenant_apps.team.actor import actor_of

WRITTEN = {"document": formats.document, "phone": formats.phone}


@requires(Permission.CLIENTS_ARCHIVE)
@methods("GET")
@never_cache
def duplicate_list(request: HttpRequest) -> HttpResponse:
    return render(request, "clients/duplicates.html", {"groups": duplicates.groups()})


@requires(Permission.CLIENTS_ARCHIVE)
@methods("GET", "POST")
@never_cache
def client_merge(request: HttpRequest, pk: UUID, other: UUID) -> HttpResponse:
    """`pk` stays; `other` becomes a part of it."""
    survivor, second = found(pk), found(other)
    if request.method == "POST":
        merged = services.merge_clients(
            survivor, second, actor=actor_of(request), take=_picked(request), expected=_expected(request)
        )
        toast(request, _("%(other)s is a part of %(name)s now.") % {"other": second.name, "name": merged.name})
        return redirect("clients:detail", pk=merged.pk)
    if survivor.pk == second.pk:
        raise SameClient
    if survivor.is_archived or second.is_archived:
        raise ClientArchived
    values = {
        "survivor": survivor,
        "other": second,
        "choices": _choices(survivor, second),
        "work_places": Place.objects.filter(client__in=[survivor, second]).order_by("id"),
        "tags": list(dict.fromkeys([*survivor.tags, *second.tags])),
    }
    return render(request, "clients/merge.html", values)


def _choices(survivor: Client, other: Client) -> list[dict[str, Any]]:
    """The fields in which the two differ and both say something; what only one has is kept anyway."""
    rows = [
        (name, capfirst(str(Client._meta.get_field(name).verbose_name)), *_texts(name, survivor, other))  # type: ignore[union-attr] # a column's
        for name in CHOSEN
    ]
    keys = set(survivor.custom) | set(other.custom)
    for field in CustomField.objects.filter(key__in=keys) if keys else []:
        mine, theirs = (columns.value_text(field, one.custom.get(field.key)) for one in (survivor, other))
        rows.append((f"custom.{field.key}", field.label, mine, theirs))
    return [
        {"name": name, "label": label, "mine": mine, "theirs": theirs, "asks": bool(mine and theirs)}
        for name, label, mine, theirs in rows
        if mine != theirs
    ]


def _texts(name: str, survivor: Client, other: Client) -> tuple[str, str]:
    write = WRITTEN.get(name, str)
    return write(getattr(survivor, name)), write(getattr(other, name))


def _picked(request: HttpRequest) -> set[str]:
    """The fields in which the other is right."""
    return {name.removeprefix("pick-") for name, side in request.POST.items() if name.startswith("pick-") and side}


def _expected(request: HttpRequest) -> tuple[int, int] | None:
    """The versions that the page compared."""
    given = [request.POST.get(name, "") for name in ("version", "other_version")]
    return (int(given[0]), int(given[1])) if all(one.isdecimal() and len(one) < 9 for one in given) else None
