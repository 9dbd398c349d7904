"""Addresses at which a client sees what it owes, without signing in. Only a hash of the token is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from shared_apps.core import tokens
from shared_apps.core.tokens import hash_of
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import due
from tenant_apps.activity import services as activity
from tenant_apps.finance.models import ChargeLink, Entry
from tenant_apps.finance.services.locks import locked_entry
from tenant_apps.finance.services.policy import policy
from tenant_apps.team.models import Member

TOKEN_BYTES = 24
FORGET = "finance.forget_links"
FORGOTTEN = timedelta(days=30)  # an expired link is kept as long, for whoever asks why it no longer works


@transaction.atomic
def make_link(entry: Entry, *, actor: Member | None, now: datetime) -> str:
    """A new address for the entry, whole. Earlier ones go on working until they expire or are revoked.

    Raises NotThere, EntryCancelled.
    """
    entry = locked_entry(entry.pk)
    token = tokens.new(TOKEN_BYTES)
    link = ChargeLink.objects.create(
        entry=entry,
        token_hash=hash_of(token),
        expires_at=now + timedelta(days=policy().link_days),
        created_by=actor,
    )
    due.mark(FORGET, link.expires_at + FORGOTTEN)
    if actor is not None:  # reminders make theirs by themselves, which nobody needs told
        activity.record(actor, "link.made", entry, after={"link": link.pk, "expires_at": link.expires_at})
    return current.address(path_of(token))


@transaction.atomic
def revoke_links(entry: Entry, *, actor: Member | None, now: datetime) -> int:
    """None of the entry's addresses works any more; how many did."""
    found = ChargeLink.objects.filter(entry=entry, revoked_at=None, expires_at__gt=now)
    count = found.update(revoked_at=now)
    if count:
        activity.record(actor, "link.revoked", entry, after={"count": count})
    return count


def opened(token: str, *, now: datetime) -> ChargeLink | None:
    """The link of this token with its entry, if it works now; that somebody looked is kept once."""
    related = ("entry__client", "entry__cancellation")
    found = ChargeLink.objects.filter(token_hash=hash_of(token), revoked_at=None, expires_at__gt=now)
    link = found.select_related(*related).defer("entry__client__search").first()
    if link is not None and link.seen_at is None:
        ChargeLink.objects.filter(pk=link.pk, seen_at=None).update(seen_at=now)
    return link


def path_of(token: str) -> str:
    """Its address on the organization's main host (current.address)."""
    return reverse("finance:charge", args=[token], urlconf=settings.TENANT_URLCONF)
