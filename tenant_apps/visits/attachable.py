"""Reports as things that photos hang on: before and after are two shelves of one report."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast
from uuid import UUID

from django.db import models
from django.urls import reverse

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission
from tenant_apps.files import subjects
from tenant_apps.files.subjects import Subject
from tenant_apps.scheduling.services.locks import locked_appointment
from tenant_apps.visits.models import PHOTOS, VisitReport


def register() -> None:
    view, change = Permission.CLIENTS_VIEW, Permission.CLIENTS_MANAGE
    reports = Subject(_find, _open, _existing, view=view, change=change, home=_home)
    for label in ("visits.visitreport", *PHOTOS.values()):
        subjects.register(label, reports)


def _home(report: models.Model) -> tuple[str, str]:
    """The visit of which it tells."""
    visit = cast(VisitReport, report).appointment
    return str(visit), reverse("scheduling:detail", args=[visit.pk])


def _find(pk: UUID) -> models.Model:
    return finding.one(VisitReport.objects.select_related("appointment__client"), pk)


def _open(pk: UUID) -> models.Model:
    appointment_id = VisitReport.objects.filter(pk=pk).values_list("appointment_id", flat=True).first()
    if appointment_id is None:
        raise NotThere
    return locked_appointment(appointment_id)


def _existing(pks: Collection[UUID]) -> set[UUID]:
    return set(VisitReport.objects.filter(pk__in=pks).values_list("pk", flat=True))
