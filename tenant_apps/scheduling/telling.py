"""What is said of an appointment or a series of them, and to whom: the client and the professionals who go there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone

from shared_apps.organizations import current
from tenant_apps.notifications.services import Notice, Recipient, Times, Value, notify_all
from tenant_apps.scheduling import local, told, wording
from tenant_apps.scheduling.models import Appointment, Contract
from tenant_apps.scheduling.told import Told
from tenant_apps.team.models import Member

SUBJECT, CONTRACT = "scheduling.appointment", "scheduling.contract"
TOLD_OF = {"created", "changed", "cancelled"}


def tell_of_change(
    sender: object, *, appointment: Appointment, actor: Member | None, change: str, **_rest: object
) -> None:
    """On `appointment_changed`. Whoever did it is not told, nor is anybody of a visit that is over."""
    now = timezone.now()
    if change in TOLD_OF and appointment.ends_at > now:
        zone = current.zone()
        found = told.read(told.one(key=appointment.pk))
        notices = [notice_of(one, f"appointment.{change}", now=now, zone=zone, besides=actor) for one in found]
        notify_all(notices, now=now)


def tell_of_series(
    sender: object,
    *,
    contract: Contract,
    actor: Member | None,
    change: str,
    gone: datetime | None = None,
    **_rest: object,
) -> None:
    """On `contract_changed`: one message for all of its visits, about the next of them and the rhythm."""
    if change not in TOLD_OF:
        return
    now, zone = timezone.now(), current.zone()
    coming = told.read(told.next_of_contract(contract=contract.pk, after=now))
    if coming:
        said = notice_of(coming[0], f"appointment.{change}", now=now, zone=zone, besides=actor)
        services = said.values["services"] or contract.title
        with current.own_words():
            rhythm = wording.sentence(contract.rrule, contract.starts_on)
        said = replace(said, values={**said.values, "services": f"{services} · {rhythm}"})
    elif gone is not None:
        said = _no_more(contract, gone, actor, now=now, zone=zone)
    else:
        return
    notice = replace(said, subject_type=CONTRACT, subject_id=contract.pk, url=f"/contracts/{contract.pk}/")
    notify_all([notice], now=now)


def _no_more(contract: Contract, gone: datetime, actor: Member | None, *, now: datetime, zone: ZoneInfo) -> Notice:
    """None of its visits is left: of the first that fell away it is said that it was cancelled."""
    client, start = contract.client, gone.astimezone(zone)
    team = Member.objects.filter(pk__in=contract.member_ids, is_active=True).order_by("pk")
    to = [Recipient.member(member) for member in team if member != actor]
    if not client.is_archived:
        to.insert(0, Recipient.client(client.pk, client.name, client.email, client.phone))
    values: dict[str, Value] = {
        "client_name": client.name,
        "date": start.date(),
        "time": start.time(),
        "place": "",
        "professionals": ", ".join(map(str, team)),
        "services": contract.title,
        "reason": "",
    }
    return Notice("appointment.cancelled", CONTRACT, contract.pk, local.day_of(now, zone), tuple(to), values)


def notice_of(appointment: Told, event: str, *, now: datetime, zone: ZoneInfo, besides: Member | None = None) -> Notice:
    return Notice(
        event=event,
        subject_type=SUBJECT,
        subject_id=appointment.pk,
        day=local.day_of(now, zone),
        to=tuple(_people(appointment, besides.pk if besides else None)),
        values=_values(appointment, zone),
        url=f"/appointments/{appointment.pk}/",
    )


def _people(said: Told, besides: UUID | None) -> Iterator[Recipient]:
    if said.client_archival is None:
        yield Recipient.client(said.client_id, said.client_name, said.client_email, said.client_phone)
    for one in said.team:
        if one.is_active and one.person.id != besides:
            yield one.person


def _values(said: Told, zone: ZoneInfo) -> dict[str, Value]:
    start = said.starts_at.astimezone(zone)
    until = said.arrival_until and said.arrival_until.astimezone(zone)
    return {
        "client_name": said.client_name,
        "date": start.date(),
        "time": Times(start.time(), until.time()) if until else start.time(),
        "place": said.place,
        "professionals": ", ".join(one.person.name for one in said.team),
        "services": ", ".join(said.services),
        "reason": said.reason or "",
    }
