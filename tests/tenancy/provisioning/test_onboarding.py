"""Who opens an organization rings for the pool to be refilled, the more so where it was empty."""

from __future__ import annotations

from shared_apps.accounts.models import User
from shared_apps.organizations.onboarding import open_organization
from shared_apps.tenancy.models import PendingJob


def rung() -> int:
    return PendingJob.objects.filter(name="tenancy.refill_pool").count()


def test_a_claim_rings_for_a_refill(full_pool: int, dave: User) -> None:
    before = rung()
    open_organization(slug="from-the-pool", name="From the pool", owner=dave)
    assert rung() == before + 1


def test_a_clone_rings_too(empty_pool: None, dave: User) -> None:
    before = rung()
    open_organization(slug="by-clone", name="By clone", owner=dave)
    assert rung() == before + 1


def test_finding_it_open_does_not(full_pool: int, dave: User) -> None:
    open_organization(slug="open", name="Open", owner=dave)
    before = rung()
    open_organization(slug="open", name="Open", owner=dave)
    assert rung() == before
