"""What is kept of a reconciliation: staff are told of each discrepancy once, and see it until it is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from billing.subscriptions import queries
from billing.webhooks import alerts
from billing.webhooks.models import Discrepancy

Kind = Discrepancy.Kind
TOLD = 20  # in one mail


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind`: "differs" (and was set right), or one of Discrepancy.Kind, for somebody to look at."""

    kind: str
    gateway: str
    id: str
    what: str
    organization_id: UUID | None = None  # where it does not follow from `id`


@transaction.atomic
def keep(found: Iterable[Finding], *, asked: Iterable[str], now: datetime) -> list[Discrepancy]:
    """Write down what is new, tell of it, and close what is gone at the gateways that could be `asked`."""
    present = {(one.kind, one.gateway, one.id[:120]): one for one in found if one.kind != "differs"}
    standing = Discrepancy.objects.filter(gone_at=None).exclude(kind=Kind.REFUND)
    known = {(row.kind, row.gateway, row.external_id): row for row in standing}
    new = []
    for key, one in present.items():
        if row := known.get(key):
            Discrepancy.objects.filter(pk=row.pk).update(seen_at=now, what=one.what[:300])
        else:
            new.append(_made(one, now))
    answered = set(asked)
    gone = [row.pk for key, row in known.items() if key not in present and row.gateway in answered]
    Discrepancy.objects.filter(pk__in=gone).update(gone_at=now)
    if new:
        alerts.discrepancies([_line(row) for row in new[:TOLD]])
    return new


@transaction.atomic
def note(one: Finding, *, now: datetime) -> None:
    """Something that was found by the way, and dealt with: staff hear of it, and it is closed already."""
    if Discrepancy.objects.filter(kind=one.kind, gateway=one.gateway, external_id=one.id[:120]).exists():
        return
    row = _made(one, now)
    Discrepancy.objects.filter(pk=row.pk).update(gone_at=now)
    alerts.discrepancies([_line(row)])


@transaction.atomic
def refused(one: Finding, *, now: datetime) -> None:
    """A gateway will not give something back: staff hear of it once, and it stands until that is settled."""
    row = refund_of(one.gateway, one.id)
    if row is None:
        alerts.discrepancies([_line(_made(one, now))])
    elif row.gone_at is None:
        Discrepancy.objects.filter(pk=row.pk).update(seen_at=now, what=one.what[:300])


def refund_of(gateway: str, id: str) -> Discrepancy | None:
    """What is known of a refund that was refused for this subscription of a gateway."""
    return Discrepancy.objects.filter(kind=Kind.REFUND, gateway=gateway, external_id=id[:120]).first()


def refunds_refused(gateway: str) -> list[str]:
    """For which of its subscriptions something could not be given back yet."""
    rows = Discrepancy.objects.filter(kind=Kind.REFUND, gateway=gateway, gone_at=None)
    return list(rows.values_list("external_id", flat=True))


def close(row: Discrepancy, *, now: datetime) -> None:
    Discrepancy.objects.filter(pk=row.pk, gone_at=None).update(gone_at=now)


def _line(row: Discrepancy) -> str:
    return f"{row.get_kind_display()}: {row.gateway} {row.external_id} ({row.what})"


def _made(one: Finding, now: datetime) -> Discrepancy:
    ours = queries.find(one.gateway, external_id=one.id, reference=one.id)
    organization_id = one.organization_id or (ours.organization_id if ours else None)
    return Discrepancy.objects.create(
        kind=one.kind,
        gateway=one.gateway,
        external_id=one.id[:120],
        organization_id=organization_id,
        what=one.what[:300],
        found_at=now,
        seen_at=now,
    )
