"""Appointments from a spreadsheet: what is ahead and what was. An import tells nobody and charges nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import RestrictedError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from tenant_apps.activity import services as activity
from tenant_apps.clients import words
from tenant_apps.clients.models import Client, Place
from tenant_apps.finance.models import Entry
from tenant_apps.scheduling import guards
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.scheduling.services import bookings
from tenant_apps.scheduling.services.appointments import keep_lines
from tenant_apps.team.models import Member
from tenant_apps.transfers.columns import Field
from tenant_apps.transfers.kinds import cells
from tenant_apps.transfers.kinds.base import RowKind, Taking

Status = Appointment.Status
STATUSES = {
    **dict.fromkeys(("pendente", "agendado", "agendada", "a confirmar", "pending", "scheduled"), Status.PENDING),
    **dict.fromkeys(("confirmado", "confirmada", "confirmed"), Status.CONFIRMED),
    **dict.fromkeys(("concluido", "concluida", "feito", "feita", "realizado", "realizada", "done"), Status.DONE),
    **dict.fromkeys(("falta", "faltou", "nao compareceu", "no show", "cliente ausente"), Status.NO_SHOW),
}  # fmt: skip
USUAL = 60  # minutes, where neither the row nor the offering says


def take(taking: Taking, row: dict[str, str]) -> Appointment | None:
    client = cells.client(taking, row["client"])
    if client is None:
        raise FieldError("client", _("There is no such client. Import the clients first, or mend the name."))
    offering, members = _offering(taking, row.get("offering", "")), _members(taking, row.get("members", ""))
    starts_at, ends_at = _times(row, offering)
    twins: set[tuple[tuple[str, str], ...]] = taking.found.setdefault("rows", set())
    twin = tuple(sorted(row.items()))
    if taking.skips_known:
        if twin in twins:
            return None
        same = Appointment.objects.filter(client=client, starts_at=starts_at).values_list("pk", flat=True)
        if any(pk not in taking.made for pk in same):
            return None
    now, status = timezone.now(), cells.choice("status", row["status"], STATUSES) if "status" in row else Status.PENDING
    if status in (Status.DONE, Status.NO_SHOW) and starts_at > now:
        raise FieldError("status", _("This day is still to come."))
    guards.times(starts_at, ends_at, None, now=now)
    lines = guards.lines([guards.LineGiven(offering.pk)] if offering else [], client, None)
    price = cells.money("price", row["price"]) if "price" in row else guards.total(lines)
    appointment = Appointment(
        client=client, place=_place(client), starts_at=starts_at, ends_at=ends_at, status=status,
        notes=guards.text(row.get("notes", ""), "notes"), price=guards.amount(Decimal(price), "price"),
        finished_at=ends_at if status in (Status.DONE, Status.NO_SHOW) else None,
    )  # fmt: skip
    appointment.save(force_insert=True)
    bookings.keep(appointment, guards.members([one.pk for one in members]), now=now)
    keep_lines(appointment, lines)
    twins.add(twin)
    activity.record(taking.actor, "appointment.created", appointment, after={"starts_at": starts_at, "status": status})
    return appointment


def _times(row: dict[str, str], offering: Offering | None) -> tuple[datetime, datetime]:
    """Local to the organization. The hour may stand in the date's own cell; the end may be an hour or minutes."""
    zone, on = current.zone(), cells.day("date", row["date"])
    has_hour = len(row["date"].strip().replace("T", " ").split(" ")) > 1
    starts = cells.hour("time", row.get("time", "") or (row["date"] if has_hour else ""))
    if starts is None:
        raise FieldError("time", _("It is missing."))
    start = datetime.combine(on, starts, tzinfo=zone)
    ends = row.get("ends", "").strip()
    if not ends:
        return start, start + timedelta(minutes=offering.duration_minutes if offering else USUAL)
    if ends.isdecimal() and len(ends) < 4:
        return start, start + timedelta(minutes=int(ends))
    end = cells.hour("ends", ends)
    return start, datetime.combine(on, end or starts, tzinfo=zone)


def _offering(taking: Taking, name: str) -> Offering | None:
    if not name.strip():
        return None
    if "offerings" not in taking.found:
        taking.found["offerings"] = {words.name_key(one.name): one for one in Offering.objects.filter(is_active=True)}
    found: Offering | None = taking.found["offerings"].get(words.name_key(name))
    if found is None:
        raise FieldError("offering", _("You have no service of this name."))
    return found


def _members(taking: Taking, names: str) -> list[Member]:
    if "members" not in taking.found:
        taking.found["members"] = {
            key: one
            for one in Member.objects.filter(is_active=True)
            for key in (words.name_key(one.name), words.name_key(one.email))
            if key
        }
    members = []
    for name in filter(None, (part.strip() for part in re.split(r"[,;/]", names))):
        found = taking.found["members"].get(words.name_key(name))
        if found is None:
            raise FieldError("members", _("%(name)s is not in the team.") % {"name": name[:60]})
        members.append(found)
    return members


def _place(client: Client) -> Place | None:
    """The client's only place; of several nobody can say which."""
    places = list(client.places.all()[:2])
    return places[0] if len(places) == 1 else None


def undo(pk: UUID, version: int) -> bool:
    appointment = Appointment.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if appointment is None:
        return True
    if appointment.version != version or Entry.objects.filter(appointment=appointment).exists():
        return False
    try:
        appointment.delete()
    except RestrictedError:  # there is a visit report
        return False
    return True


APPOINTMENTS = RowKind(
    key="appointments",
    title=gettext_lazy("Import appointments"),
    about=gettext_lazy("One row for each visit, ahead or past. Nobody is told and nothing is charged."),
    required=gettext_lazy("Say which columns hold the client and the date."),
    home="/appointments/",
    icon="calendar",
    needed=("client", "date"),
    take=take,
    undo=undo,
    fields=(
        Field(
            "client", gettext_lazy("Client (name, CPF, CNPJ or e-mail)"), "cliente|nome do cliente|nome|client|customer"
        ),
        Field("date", gettext_lazy("Date"), "data|dia|data da visita|date|day|data e hora|inicio"),
        Field(
            "time",
            gettext_lazy("Start time"),
            "hora|horario|hora de inicio|hora inicio|time|start|start time|inicio hora",
        ),
        Field(
            "ends",
            gettext_lazy("End time or minutes"),
            "fim|hora fim|termino|hora de termino|duracao|end|end time|duration",
        ),
        Field(
            "members",
            gettext_lazy("Professionals"),
            "profissional|profissionais|tecnico|responsavel|equipe|professional|technician|staff",
        ),
        Field("offering", gettext_lazy("Service"), "servico|tipo de servico|atividade|service|offering"),
        Field("status", gettext_lazy("Status"), "situacao|status|estado"),
        Field("price", gettext_lazy("Price"), "valor|preco|price|amount"),
        Field("notes", gettext_lazy("Notes"), "observacoes|observacao|obs|notas|notes"),
    ),
)
