"""Exceptions: what one organization is allowed in place of what its plan says."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.plans import versions
from billing.plans.models import EntitlementOverride
from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization


@transaction.atomic
def override(
    organization: Organization, *, feature: str, amount: int | None, days: int | None, reason: str, by: User
) -> EntitlementOverride:
    """Takes the place of an earlier one. `amount` None: without limit; `days` None: until somebody ends it."""
    made, _is_new = EntitlementOverride.objects.update_or_create(
        organization=organization,
        feature=feature,
        defaults={
            "amount": amount,
            "unlimited": amount is None,
            "until": timezone.now() + timedelta(days=days) if days else None,
            "reason": reason,
            "by": by,
        },
    )
    versions.organization_changed(organization.pk)
    return made


@transaction.atomic
def end(made: EntitlementOverride) -> None:
    """What the plan says counts again."""
    made.delete()
    versions.organization_changed(made.organization_id)
