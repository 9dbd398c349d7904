"""Who opens an organization rings for the pool to be refilled."""

from __future__ import annotations

from shared_apps.accounts.models import User
from shared_apps.organizations.onboarding import open_organization
from shared_apps.tenancy.models import PendingJob


def test_a_claim_rings_for_a_refill(full_pool: int, dave: User) -> None:
    open_organization(slug="from-the-pool", name="From the pool", owner=dave)
    assert PendingJob.objects.filter(name="tenancy.refill_pool").count() == 1


def test_a_clone_does_not(empty_pool: None, dave: User) -> None:
    open_organization(slug="by-clone", name="By clone", owner=dave)
    assert not PendingJob.objects.filter(name="tenancy.refill_pool").exists()
