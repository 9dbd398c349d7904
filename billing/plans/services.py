"""Changing what is sold. Prices are never edited: another amount is another price, and the one before is retired."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.plans import versions
from billing.plans.errors import BadCatalogue
from billing.plans.features import Feature
from billing.plans.models import EntitlementOverride, GatewayPrice, Interval, Plan, PlanEntitlement, Price
from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import locks

CATALOGUE = Path(__file__).with_name("catalogue.toml")
UNLIMITED = "unlimited"


@dataclass(slots=True)
class Synced:
    """What a run changed."""

    plans: int = 0
    prices: int = 0
    retired: int = 0


@transaction.atomic
def sync(path: Path, *, now: datetime) -> Synced:
    """Bring plans and prices to what the file says. Plans it does not name stay. Raises BadCatalogue."""
    try:
        entries = list(tomllib.loads(path.read_text(encoding="utf-8"))["plan"])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise BadCatalogue(why=f"{type(error).__name__}: {error}") from error
    locks.take("billing:plans")
    done = Synced()
    for entry in entries:
        try:
            _sync_plan(entry, done, now)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            raise BadCatalogue(why=f"{entry}: {error!r}") from error
    versions.plans_changed()
    return done


def _sync_plan(entry: dict[str, Any], done: Synced, now: datetime) -> None:
    wanted = {
        "name": str(entry["name"]),
        "summary": str(entry.get("summary", "")),
        "position": int(entry.get("position", 0)),
        "is_offered": bool(entry.get("offered", True)),
        "is_tried": bool(entry.get("tried", False)),
    }
    plan, made = Plan.objects.update_or_create(code=str(entry["code"]), defaults=wanted)
    done.plans += made
    allow(plan, dict(entry["allows"]))
    for currency, amounts in entry["prices"].items():
        for interval, amount in amounts.items():
            _sync_price(plan, Interval(interval), str(currency), Decimal(str(amount)), entry, done, now)


def allow(plan: Plan, allowed: dict[str, Any]) -> None:
    """Set what a plan allows: a number, "unlimited" or True for each feature; what is not named is not allowed."""
    PlanEntitlement.objects.filter(plan=plan).exclude(feature__in=allowed).delete()
    for name, value in allowed.items():
        feature = Feature(name)
        unlimited = value == UNLIMITED or (value is True and not feature.is_limit)
        if value is True and feature.is_limit:
            raise ValueError(f"{name} is a limit: give a number or {UNLIMITED!r}")
        fields = {"unlimited": unlimited, "amount": None if unlimited else int(value)}
        PlanEntitlement.objects.update_or_create(plan=plan, feature=feature.value, defaults=fields)
    versions.plans_changed()


def _sync_price(
    plan: Plan, interval: str, currency: str, amount: Decimal, entry: dict[str, Any], done: Synced, now: datetime
) -> None:
    days, per_member = int(entry.get("trial_days", 0)), bool(entry.get("per_member", False))
    known = Price.objects.filter(plan=plan, interval=interval, currency=currency, retired_at=None).first()
    if known and (known.amount, known.trial_days, known.per_member) == (amount, days, per_member):
        return
    set_price(
        plan, interval=interval, currency=currency, amount=amount, now=now, trial_days=days, per_member=per_member
    )
    done.prices += 1
    done.retired += known is not None


@transaction.atomic
def set_price(
    plan: Plan,
    *,
    interval: str,
    currency: str,
    amount: Decimal,
    now: datetime,
    trial_days: int = 0,
    per_member: bool = False,
) -> Price:
    """Sell it for this from now on. Who has the price before keeps it."""
    Price.objects.filter(plan=plan, interval=interval, currency=currency, retired_at=None).update(retired_at=now)
    return Price.objects.create(
        plan=plan, interval=interval, currency=currency, amount=amount, trial_days=trial_days, per_member=per_member
    )


@transaction.atomic
def retire_price(price: Price, *, now: datetime) -> None:
    """Sell it no more. Who has it keeps it."""
    Price.objects.filter(pk=price.pk, retired_at=None).update(retired_at=now)


def link_price(price: Price, *, gateway: str, external_id: str) -> GatewayPrice:
    """Tell which price of a gateway this one is. Raises FieldError where it is another of ours already."""
    if GatewayPrice.objects.filter(gateway=gateway, external_id=external_id).exclude(price=price).exists():
        raise FieldError("external_id", _("Another price is linked to it already."))
    linked, _made = GatewayPrice.objects.update_or_create(
        price=price, gateway=gateway, defaults={"external_id": external_id}
    )
    return linked


@transaction.atomic
def override(
    organization: Organization,
    feature: Feature,
    *,
    amount: int | None,
    reason: str,
    by: User | None,
    until: datetime | None = None,
) -> EntitlementOverride:
    """Allow one organization `amount` (None: without limit, 0: nothing) in place of what its plan says, until a day."""
    fields = {"amount": amount, "unlimited": amount is None, "reason": reason[:200], "by": by, "until": until}
    made, _new = EntitlementOverride.objects.update_or_create(
        organization=organization, feature=feature.value, defaults=fields
    )
    versions.organization_changed(organization.pk)
    return made


@transaction.atomic
def end_override(organization: Organization, feature: Feature) -> None:
    EntitlementOverride.objects.filter(organization=organization, feature=feature.value).delete()
    versions.organization_changed(organization.pk)
