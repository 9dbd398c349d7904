"""The bells of charges. Those that speak to the provider open their own transactions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from shared_apps.organizations import current
from shared_apps.tenancy.jobs import organization_task, periodic
from tenant_apps.finance.providers import accounts, bells, charges, events, following


@organization_task("finance.connect_provider", atomic=False)
def connect_provider(account_id: str) -> None:
    with _own_words():
        accounts.try_account(UUID(account_id))


@organization_task("finance.work_on_charge", atomic=False)
def work_on_charge(charge_id: str) -> None:
    with _own_words():
        charges.work_on(UUID(charge_id), now=timezone.now())


@organization_task("finance.follow_event", atomic=False)
def follow_event(event_id: str) -> None:
    with _own_words():
        events.follow_event(UUID(event_id), now=timezone.now())


@periodic(bells.RETRY, work="indexed", next_due=charges.next_try, label=_("Ask the charge provider again"))
def provider_charges(now: datetime) -> dict[str, int]:
    return {"again": charges.retry(now=now)}


@periodic(
    bells.COMPARE,
    work="indexed",
    next_due=following.next_comparison,
    label=_("Compare charges with Asaas"),
)
def compare_charges(now: datetime) -> dict[str, int]:
    with _own_words():
        return following.compare(now=now)


def _own_words() -> translation.override:
    """What is kept for people to read is in the organization's language."""
    route = current.route()
    return translation.override(route.locale if route else settings.LANGUAGE_CODE)
