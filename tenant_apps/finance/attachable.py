"""Entries as things that receipts hang on: for those who may see the money book, and nobody else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shared_apps.core import finding
from shared_apps.organizations.permissions import Permission
from tenant_apps.files import subjects
from tenant_apps.files.subjects import Subject
from tenant_apps.finance.models import Entry
from tenant_apps.finance.services.locks import locked_entry

LABEL = "finance.entry"


def register() -> None:
    receipts = Subject(
        _find,
        locked_entry,
        _existing,
        view=Permission.FINANCE_VIEW,
        change=Permission.FINANCE_MANAGE,
        heading=_("Receipts and documents"),
    )
    subjects.register(LABEL, receipts)


def _find(pk: UUID) -> Entry:
    return finding.one(Entry.objects.all(), pk)


def _existing(pks: Collection[UUID]) -> set[UUID]:
    return set(Entry.objects.filter(pk__in=pks).values_list("pk", flat=True))
