"""What moves imports and exports on in the background. Each says in whose language."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import organization_task, periodic
from tenant_apps.team.models import Member
from tenant_apps.transfers import services


@organization_task("transfers.check")
def check(import_id: str, language: str = "") -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        services.check_import(UUID(import_id))


@organization_task("transfers.run")
def run(import_id: str, language: str = "") -> None:
    with translation.override(language or settings.LANGUAGE_CODE):
        services.run_import(UUID(import_id))


@organization_task("transfers.undo")
def undo(import_id: str, actor_id: str | None = None, language: str = "") -> None:
    actor = Member.objects.filter(pk=actor_id).first() if actor_id else None
    with translation.override(language or settings.LANGUAGE_CODE):
        services.undo_import(UUID(import_id), actor=actor)


@organization_task("transfers.export")
def export(export_id: str) -> None:
    services.fill_export(UUID(export_id))


@periodic(
    "transfers.expire",
    work="indexed",
    next_due=services.next_expiry,
    label=_("Remove expired files of imports and exports"),
)
def expire(now: datetime) -> None:
    services.expire(now=now)
