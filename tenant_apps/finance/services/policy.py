"""How this organization is paid."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError
from shared_apps.core.prepared import prepared
from tenant_apps.activity import services as activity
from tenant_apps.finance import money, pix
from tenant_apps.finance.models import FinancePolicy
from tenant_apps.team.models import Member

FIELDS = ("pix_key", "pix_name", "pix_city", "late_fee", "interest", "due_days", "link_days")
MOST_DAYS = 365


def policy() -> FinancePolicy:
    """The organization's one row."""
    return FinancePolicy.objects.first() or FinancePolicy.objects.get_or_create(only=True)[0]


def link_days() -> int:
    """How long a charge link lives."""
    for (days,) in _link_days():
        return int(days)
    return policy().link_days


@prepared
def _link_days() -> QuerySet[FinancePolicy, Any]:
    return FinancePolicy.objects.order_by("pk").values_list("link_days")[:1]


@transaction.atomic
def update_policy(*, actor: Member | None, **changes: Any) -> FinancePolicy:
    """`changes`: see FIELDS. Raises FieldError."""
    policy()
    kept = FinancePolicy.objects.select_for_update().get()
    before = {name: getattr(kept, name) for name in FIELDS}
    for name, value in changes.items():
        setattr(kept, name, value)
    kept.pix_key = pix.key("pix_key", kept.pix_key)
    kept.pix_name, kept.pix_city = pix.name(kept.pix_name), pix.city(kept.pix_city)
    for name in ("pix_name", "pix_city"):
        if kept.pix_key and not getattr(kept, name):
            raise FieldError(name, _("Banks show this to who pays: it goes with the PIX key."), "required")
    kept.late_fee = money.percentage("late_fee", kept.late_fee)
    kept.interest = money.percentage("interest", kept.interest)
    for name, least in (("due_days", 0), ("link_days", 1)):
        if not least <= getattr(kept, name) <= MOST_DAYS:
            raise FieldError(name, _("From %(least)s to %(most)s days."), "out_of_range", least=least, most=MOST_DAYS)
    after = {name: getattr(kept, name) for name in FIELDS}
    if after != before:
        kept.save(update_fields=FIELDS)
        activity.record(actor, "receiving.updated", kept, before=before, after=after)
    return kept
