"""Clients, their places and assets as things that files can hang on."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import models
from django.urls import reverse

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from tenant_apps.clients.models import Asset, Client, Place
from tenant_apps.clients.services.locks import locked_client
from tenant_apps.files import subjects
from tenant_apps.files.subjects import Subject

# How one gets from the thing to the client, whose history is told and who must not be archived.
OWNERS: dict[type[models.Model], str] = {Client: "pk", Place: "client_id", Asset: "place__client_id"}


def register() -> None:
    for model, path in OWNERS.items():
        subjects.register(model._meta.label_lower, _subject(model, path))


def _subject(model: type[models.Model], path: str) -> Subject:
    def find(pk: UUID) -> models.Model:
        rows = model._default_manager.defer("search") if model is Client else model._default_manager.all()
        found = rows.filter(pk=pk).first()
        if found is None:
            raise NotThere
        return found

    def open_(pk: UUID) -> models.Model:
        client_id = model._default_manager.filter(pk=pk).values_list(path, flat=True).first()
        if client_id is None:
            raise NotThere
        return locked_client(client_id)

    def existing(pks: Collection[UUID]) -> set[UUID]:
        return set(model._default_manager.filter(pk__in=pks).values_list("pk", flat=True))

    return Subject(find, open_, existing, view=Permission.CLIENTS_VIEW, change=Permission.CLIENTS_MANAGE, home=_home)


def _home(thing: models.Model) -> tuple[str, str]:
    """The client whose it is."""
    place = thing.place if isinstance(thing, Asset) else thing
    client = place.client if isinstance(place, Place) else place
    return str(client), reverse("clients:detail", args=[client.pk])
