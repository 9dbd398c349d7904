"""Opening an organization: rows in public, a schema of its own, its owner as first member.

Three steps, each a transaction of its own that is safe to repeat: write down, provision, activate. Whatever happens
between two of them, running it again goes on from there.
"""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.db import IntegrityError, transaction

from shared_apps.accounts.models import User
from shared_apps.organizations import lifecycle, validation
from shared_apps.organizations.errors import DocumentTaken, SlugTaken
from shared_apps.organizations.models import Domain, Membership, Organization, OrganizationTransition, Role
from shared_apps.organizations.signals import members_changed, organization_opened
from shared_apps.tenancy import context, names, provisioning, routing
from shared_apps.tenancy.jobs import enqueue

CAUSE = "onboarding"
Status = Organization.Status


def schema_name_for(slug: str) -> str:
    """`acme-sul` -> `org_acme_sul`. Slugs hold no underscore, so two slugs never share a schema."""
    return "org_" + slug.replace("-", "_")


def host_of(slug: str) -> str:
    return f"{slug}.{settings.PLATFORM_DOMAIN}"


def url_of(slug: str) -> str:
    """Where the organization's people go."""
    return settings.ORGANIZATION_URL.format(host=host_of(slug))


def open_organization(
    *,
    slug: str,
    name: str,
    owner: User,
    timezone: str = "America/Sao_Paulo",
    locale: str = "pt-br",
    legal_name: str = "",
    document: str = "",
    is_demo: bool = False,
) -> Organization:
    """The organization with this address, opened now, earlier, or from where an interrupted opening stopped.

    What exists is not changed. Raises FieldError for a field that is not right, SlugTaken when the address is or was
    somebody else's, DocumentTaken; and what provisioning raises, after which the same call tries again.
    """
    organization = register_organization(
        slug=slug,
        name=name,
        owner=owner,
        timezone=timezone,
        locale=locale,
        legal_name=legal_name,
        document=document,
        is_demo=is_demo,
    )
    if organization.status not in (Status.PENDING, Status.PROVISIONING):
        return organization
    method = provisioning.provision(organization.schema_name)
    organization = _activate(organization)
    if method is provisioning.Method.POOL:
        enqueue("tenancy.refill_pool")  # last: nobody waits for the next one's schema
    return organization


def register_organization(
    *,
    slug: str,
    name: str,
    owner: User,
    timezone: str = "America/Sao_Paulo",
    locale: str = "pt-br",
    legal_name: str = "",
    document: str = "",
    is_demo: bool = False,
) -> Organization:
    """Written down, not ready yet: the first step of opening, which `open_organization` goes on from."""
    wanted = Organization(
        slug=validation.slug(slug),
        name=validation.name(name),
        legal_name=validation.legal_name(legal_name),
        document=validation.document(document),
        timezone=validation.timezone(timezone),
        locale=validation.locale(locale),
        is_demo=is_demo,
        status=Status.PROVISIONING,
    )
    wanted.schema_name = schema_name_for(wanted.slug)
    with context.public():
        return find(wanted.slug, owner) or _write_down(wanted, owner)


def find(slug: str, owner: User) -> Organization | None:
    """The organization with this address, if it is this owner's; None when there is none. Raises SlugTaken."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        return None
    if not Membership.objects.owning().filter(organization=organization, user=owner).exists():
        raise SlugTaken(slug)
    return organization


def _write_down(wanted: Organization, owner: User) -> Organization:
    """The public rows, all or none. Two at once for one address: the second finds the first's, or is refused."""
    if names.is_taken(wanted.slug):
        raise SlugTaken(wanted.slug)
    host = host_of(wanted.slug)
    try:
        with transaction.atomic():
            # bulk_create: the save() of both models would ask the database four questions whose answers are known here
            Organization.objects.bulk_create([wanted])
            Domain.objects.bulk_create([Domain(domain=host, tenant=wanted, is_primary=True)])
            Membership.objects.create(organization=wanted, user=owner, role=Role.OWNER)
            OrganizationTransition.objects.create(organization=wanted, to_status=wanted.status, cause=CAUSE, by=owner)
            transaction.on_commit(partial(routing.forget, hosts=[host], schema=wanted.schema_name))
    except IntegrityError:
        found = find(wanted.slug, owner)
        if found is None and Organization.objects.filter(document=wanted.document).exclude(document="").exists():
            raise DocumentTaken from None
        if found is None:
            raise
        return found
    return wanted


def _activate(organization: Organization) -> Organization:
    with context.enter(organization.schema_name), transaction.atomic():
        organization = lifecycle.lock(organization)
        if organization.status not in (Status.PENDING, Status.PROVISIONING):
            return organization  # another process opened it at the same time
        lifecycle.move(organization, Status.ACTIVE, CAUSE, None)
        members_changed.send(Organization, organization=organization, user_ids=None)
        organization_opened.send(Organization, organization=organization)
    return organization
