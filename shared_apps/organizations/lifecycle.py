"""The life of an organization. Every change is guarded by one table and leaves a row that says why and by whom."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.errors import NotPossibleNow
from shared_apps.organizations.models import Organization, OrganizationTransition
from shared_apps.organizations.signals import organization_closed
from shared_apps.tenancy import context, deletion, routing
from shared_apps.tenancy.jobs import enqueue

Status = Organization.Status

TRANSITIONS: dict[str, frozenset[str]] = {
    Status.PENDING: frozenset({Status.PROVISIONING, Status.ACTIVE, Status.DELETING}),
    Status.PROVISIONING: frozenset({Status.ACTIVE, Status.DELETING}),
    Status.ACTIVE: frozenset({Status.SUSPENDED, Status.ARCHIVED, Status.DELETING}),
    Status.SUSPENDED: frozenset({Status.ACTIVE, Status.ARCHIVED, Status.DELETING}),
    Status.ARCHIVED: frozenset({Status.ACTIVE, Status.DELETING}),
    Status.DELETING: frozenset({Status.ACTIVE}),  # while the days of grace last
}


@transaction.atomic
def suspend(organization: Organization, *, cause: str, actor: User | None = None) -> Organization:
    """Close the doors for a while: every request gets a page that says so, and no job runs."""
    return move(lock(organization), Status.SUSPENDED, cause, actor)


@transaction.atomic
def reactivate(organization: Organization, *, cause: str, actor: User | None = None) -> Organization:
    """Open again what was suspended, archived, or is waiting to be deleted."""
    organization = lock(organization)
    if not _was_active(organization):
        raise NotPossibleNow(slug=organization.slug, current=organization.status, wanted=Status.ACTIVE.value)
    return move(organization, Status.ACTIVE, cause, actor)


@transaction.atomic
def archive(organization: Organization, *, cause: str, actor: User | None = None) -> Organization:
    """Close for good, keeping the data."""
    organization = move(lock(organization), Status.ARCHIVED, cause, actor)
    _closed(organization)
    return organization


@transaction.atomic
def request_deletion(organization: Organization, *, cause: str, actor: User | None = None) -> Organization:
    """Close, and delete once settings.TENANCY_DELETE_GRACE_DAYS have passed. Until then it can be reactivated."""
    organization = lock(organization)
    grace = timedelta(days=settings.TENANCY_DELETE_GRACE_DAYS)
    organization = move(organization, Status.DELETING, cause, actor, delete_after=timezone.now() + grace)
    _closed(organization)
    return organization


@transaction.atomic
def delete_now(organization: Organization) -> None:
    """Delete an organization that is waiting for it, grace or not: out of sight at once, dropped in the background.

    Its address and its schema's name are never given out again.
    """
    organization = lock(organization)
    if organization.status != Status.DELETING:
        raise NotPossibleNow(slug=organization.slug, current=organization.status, wanted="deleted")
    hosts = _hosts(organization)
    # Also of one that was never active: its set-up may have crashed half way, and would be resumed for nobody.
    with suppress(LookupError):
        deletion.retire(organization.schema_name, slug=organization.slug)
    gone = organization.pk
    organization.delete()
    enqueue("organizations.delete_files", organization_id=gone)
    transaction.on_commit(partial(routing.forget, hosts=hosts, schema=organization.schema_name))


def delete_due(now: datetime) -> list[str]:
    """Delete every organization whose days of grace are over; their slugs. A periodic job calls it."""
    due = Organization.objects.filter(status=Status.DELETING, delete_after__lte=now)
    done = []
    for organization in due:
        try:
            delete_now(organization)
        except (NotPossibleNow, Organization.DoesNotExist):
            continue  # reactivated, or deleted by somebody else, since we looked
        done.append(organization.slug)
    return done


def lock(organization: Organization) -> Organization:
    return Organization.objects.select_for_update().get(pk=organization.pk)


def move(
    organization: Organization, to: str, cause: str, actor: User | None, *, delete_after: datetime | None = None
) -> Organization:
    """Write the change and its history row. The caller holds the organization's row."""
    before = organization.status
    if to not in TRANSITIONS[before]:
        raise NotPossibleNow(slug=organization.slug, current=before, wanted=str(to))
    organization.status, organization.delete_after = to, delete_after
    Organization.objects.filter(pk=organization.pk).update(status=to, delete_after=delete_after)
    OrganizationTransition.objects.create(
        organization=organization, from_status=before, to_status=to, cause=cause[:200], by=actor
    )
    transaction.on_commit(partial(routing.forget, hosts=_hosts(organization), schema=organization.schema_name))
    return organization


def _closed(organization: Organization) -> None:
    if _was_active(organization):
        with context.enter(organization.schema_name):
            organization_closed.send(Organization, organization=organization)


def _was_active(organization: Organization) -> bool:
    """Whether it ever had a schema of its own."""
    return organization.transitions.filter(to_status=Status.ACTIVE).exists()


def _hosts(organization: Organization) -> list[str]:
    return list(organization.domains.values_list("domain", flat=True))
