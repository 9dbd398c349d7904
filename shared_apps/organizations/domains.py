"""An organization's own host names: claimed, proven by a TXT record, checked again every day, given up.

A Domain row, which is what requests and certificates go by, exists only while the name is proven.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError, NotThere
from shared_apps.core.prepared import Given, prepared
from shared_apps.organizations import dns, lifecycle, onboarding
from shared_apps.organizations.errors import CheckedJustNow, DomainTaken, TooManyDomains
from shared_apps.organizations.models import Domain, DomainClaim, Organization
from shared_apps.tenancy import routing

MOST = 10  # names of one organization, proven or not
PREFIX = "_colmeia"  # the record's label before the domain
RETRY_FOR = timedelta(days=7)  # a claim that nobody proves is forgotten
CHECK_EVERY = timedelta(days=1)
GRACE = timedelta(days=30)  # for which a proven name works on without its record; people are warned
PAUSE = timedelta(seconds=5)  # between two checks that people ask for

NO_RECORD, WRONG_VALUE, UNREACHABLE, TAKEN = "no_record", "wrong_value", "unreachable", "taken"
PROBLEMS = {
    NO_RECORD: _("There is no such TXT record yet. New records can take up to an hour to be seen."),
    WRONG_VALUE: _("There is a TXT record, but with another value. Copy it again."),
    UNREACHABLE: _("The name servers did not answer. We keep trying."),
    TAKEN: _("Another organization uses this domain."),
}

_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_NOT_PUBLIC = {"localhost", "local", "internal", "invalid", "test", "onion", "arpa", "lan", "home"}


def domain_name(typed: str) -> str:
    """A public host name in lower case, international ones as punycode. Raises FieldError."""
    text = re.sub(r"^https?://", "", typed.strip().lower()).rstrip("/.")
    name = routing.normalise(text)
    if name is None or name != routing.normalise(name) or ":" in text or "/" in text:
        raise FieldError("domain", _("This is not a domain, such as clientes.minhaempresa.com.br."))
    labels = name.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit() or _is_address(name):
        raise FieldError("domain", _("This is not a domain, such as clientes.minhaempresa.com.br."))
    platform = settings.PLATFORM_DOMAIN
    if name == platform or name.endswith(f".{platform}") or platform.endswith(f".{name}"):
        raise FieldError("domain", _("This domain is the platform's own."), "reserved")
    if labels[-1] in _NOT_PUBLIC:
        raise FieldError("domain", _("This name is not reachable from the internet."), "reserved")
    return name


def record_name(domain: str) -> str:
    return f"{PREFIX}.{domain}"


@transaction.atomic
def claim_domain(organization: Organization, typed: str, *, actor: User | None) -> DomainClaim:
    """Say that a name is the organization's; again is no error. Raises FieldError, DomainTaken, TooManyDomains."""
    name = domain_name(typed)
    organization = lifecycle.lock(organization)
    if Domain.objects.filter(domain=name).exclude(tenant=organization).exists():
        raise DomainTaken
    known = organization.domain_claims.filter(domain=name).first()
    if known is not None:
        return known
    if organization.domain_claims.count() >= MOST:
        raise TooManyDomains(limit=MOST)
    token = f"colmeia={secrets.token_urlsafe(24)}"
    return organization.domain_claims.create(domain=name, token=token, claimed_by=actor)


def check_domain(claim: DomainClaim, *, now: datetime, by_hand: bool = False) -> DomainClaim:
    """Ask DNS, and let the name in when the record is there. Not inside a transaction: a name server may be slow.

    Raises NotThere for a claim given up meanwhile and CheckedJustNow for an impatient person.
    """
    if by_hand and claim.checked_at is not None and now - claim.checked_at < PAUSE:
        raise CheckedJustNow
    problem = _problem(claim)
    with transaction.atomic():
        organization = lifecycle.lock(claim.organization)
        found = DomainClaim.objects.select_for_update().filter(pk=claim.pk).first()
        if found is None:
            raise NotThere
        if not problem and not _let_in(organization, found.domain):
            problem = TAKEN
        found.checked_at, found.problem = now, problem
        found.verified_at = found.verified_at if problem else now
        found.save(update_fields=["checked_at", "problem", "verified_at"])
    return found


def _problem(claim: DomainClaim) -> str:
    """What DNS says against the claim; nothing: it is proven."""
    try:
        values = dns.resolver().txt(record_name(claim.domain))
    except dns.ResolverAway:
        return UNREACHABLE
    if any(secrets.compare_digest(value.strip().encode(), claim.token.encode()) for value in values):
        return ""
    return WRONG_VALUE if values else NO_RECORD


def _let_in(organization: Organization, name: str) -> bool:
    """Make the Domain row; False: another organization has it."""
    owner = Domain.objects.filter(domain=name).values_list("tenant_id", flat=True).first()
    if owner is not None:
        return owner == organization.pk
    try:
        with transaction.atomic():
            Domain.objects.bulk_create(
                [Domain(domain=name, tenant=organization, is_primary=False, kind=Domain.Kind.CUSTOM)]
            )
    except IntegrityError:
        return False
    _announce(organization, name)
    return True


@transaction.atomic
def give_up_domain(claim: DomainClaim) -> None:
    """Stop answering on a name and forget the claim. If it was the main address, the subdomain is again."""
    organization = lifecycle.lock(claim.organization)
    own = organization.domains.filter(kind=Domain.Kind.CUSTOM, domain=claim.domain)
    was_primary = own.filter(is_primary=True).exists()
    own.delete()
    if was_primary:
        organization.domains.filter(kind=Domain.Kind.SUBDOMAIN).update(is_primary=True)
    DomainClaim.objects.filter(pk=claim.pk).delete()
    _announce(organization, claim.domain)


@transaction.atomic
def make_primary(organization: Organization, name: str) -> None:
    """The address that links and e-mails name. Raises NotThere for one that is not proven."""
    organization = lifecycle.lock(organization)
    if not organization.domains.filter(domain=name).exists():
        raise NotThere
    organization.domains.exclude(domain=name).update(is_primary=False)
    organization.domains.filter(domain=name).update(is_primary=True)


def primary_host(organization_id: object) -> str:
    """The host that links to an organization shall name; empty for one that is gone."""
    for (host,) in _primary_host(organization=organization_id):
        return str(host)
    return ""


@prepared
def _primary_host(organization: Given) -> QuerySet[Domain, Any]:
    hosts = Domain.objects.filter(tenant_id=organization).order_by("-is_primary", "kind", "id")
    return hosts.values_list("domain")[:1]


def address_of(organization: Organization) -> str:
    """Where its people go: its main host, which may be its own domain. No slash at the end."""
    return address_at(organization.pk, organization.slug)


def address_at(organization_id: UUID, slug: str) -> str:
    return settings.ORGANIZATION_URL.format(host=primary_host(organization_id) or onboarding.host_of(slug))


def check_due(now: datetime) -> int:
    """Check open claims and those not checked for a day; forget and close what is past its time. A job calls it."""
    DomainClaim.objects.filter(verified_at=None, created_at__lt=now - RETRY_FOR).delete()
    due = DomainClaim.objects.filter(
        Q(verified_at=None) | Q(checked_at=None) | Q(checked_at__lt=now - CHECK_EVERY) | ~Q(problem=""),
        organization__status=Organization.Status.ACTIVE,
    )
    number = 0
    for claim in due.select_related("organization"):
        try:
            claim = check_domain(claim, now=now)
        except NotThere:
            continue
        number += 1
        if claim.problem and claim.problem != UNREACHABLE and claim.verified_at and claim.verified_at < now - GRACE:
            give_up_domain(claim)
    return number


def closes_at(claim: DomainClaim) -> datetime | None:
    """When a proven name whose record has gone stops working; None while all is well."""
    return claim.verified_at + GRACE if claim.verified_at and claim.problem else None


def _announce(organization: Organization, name: str) -> None:
    transaction.on_commit(partial(routing.forget, hosts=[name], schema=organization.schema_name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
