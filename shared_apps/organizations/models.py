"""The organization (the engine's tenant), its hosts, its members and its life."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin

from shared_apps.core.models import UUIDModel


class Organization(UUIDModel, TenantMixin):  # type: ignore[django-manager-missing]
    """A firm. `status` is its lifecycle; every change is an OrganizationTransition with its cause."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        PROVISIONING = "provisioning", _("being set up")
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")
        ARCHIVED = "archived", _("archived")
        DELETING = "deleting", _("being deleted")

    auto_create_schema = False  # provisioning does it: pool, clone, plain migrations
    auto_drop_schema = False  # deletion goes by batches, after a grace period

    id: UUID
    slug = models.CharField(_("address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    document = models.CharField(_("CPF or CNPJ"), max_length=14, blank=True)  # characters without punctuation
    locale = models.CharField(_("language"), max_length=10, default="pt-br")
    timezone = models.CharField(_("time zone"), max_length=64, default="America/Sao_Paulo")
    currency = models.CharField(_("currency"), max_length=3, default="BRL")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)  # E.164
    logo = models.CharField(max_length=200, blank=True)  # name in the default storage
    accent = models.CharField(_("accent colour"), max_length=7, blank=True)  # "#b45309"; empty: Colmeia's
    require_mfa = models.BooleanField(_("require two-step sign-in"), default=False)
    idle_minutes = models.PositiveSmallIntegerField(_("sign out after minutes without use"), default=60)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    # Staff may look without asking first (support.py).
    support_emergencies = models.BooleanField(default=False, db_default=False)
    is_demo = models.BooleanField(default=False)  # filled with made-up data, which may be filled again
    delete_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=~Q(document=""), name="organizations_document_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """A host name that leads to an organization."""

    class Kind(models.TextChoices):
        SUBDOMAIN = "subdomain", _("subdomain")
        CUSTOM = "custom", _("own domain")

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SUBDOMAIN)
    created_at = models.DateTimeField(auto_now_add=True)


class DomainClaim(UUIDModel):
    """An organization says that a host name is its own. A Domain row is made once a DNS TXT record has proven it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="domain_claims")
    domain = models.CharField(_("domain"), max_length=253)
    token = models.CharField(max_length=64)  # what the TXT record must hold
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=40, blank=True)  # why the last check failed: a stable code
    verified_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "domain"], name="organizations_claim_once"),
        ]

    def __str__(self) -> str:
        return self.domain


class OrganizationTransition(UUIDModel):
    """One change of an organization's lifecycle: from, to, why, by whom."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="transitions")
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    cause = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.from_status} -> {self.to_status}"


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    ADMIN = "admin", _("administrator")
    STAFF = "staff", _("staff")
    VIEWER = "viewer", _("viewer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def owning(self) -> Self:
        """Those who own it now."""
        return self.filter(role=Role.OWNER, is_active=True)


class Membership(UUIDModel):
    """A user in an organization. The organization's own schema holds a team.Member for each, kept in step."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.STAFF)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "user"], name="organizations_membership_once")]

    def __str__(self) -> str:
        return f"{self.user} / {self.organization}"


class Invitation(UUIDModel):
    """An offer of membership, sent by e-mail. Only a hash of its token is stored."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role, default=Role.STAFF)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    expires_at = models.DateTimeField(db_index=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None),
                name="organizations_invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return self.email


class HandOver(UUIDModel):
    """A person who is signed in on the platform's host goes over to an organization's: once, soon, on that host only.

    Only hashes are stored: of the token in the link, and of the state that the browser got on the organization's host.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(max_length=253)
    token_hash = models.CharField(max_length=64, unique=True)
    state_hash = models.CharField(max_length=64)
    platform_session = models.CharField(max_length=64, blank=True)  # hash of the platform session's key
    support = models.ForeignKey("SupportGrant", null=True, on_delete=models.CASCADE, related_name="+")  # else a member
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} -> {self.host}"


class RefreshSession(UUIDModel):
    """One sign-in on one device: the family of refresh tokens that follow each other (sessions.py), or a page session.

    No token is stored: `generation` says which one is good, and tokens are derived from the id, it and the secret key.
    """

    class Ending(models.TextChoices):
        LOGOUT = "logout"
        REUSE = "reuse"  # a token that had been replaced was presented again
        ACCESS_LOST = "access_lost"  # the membership or the user was deactivated
        IDLE = "idle"  # nobody did anything for the organization's idle_minutes
        ELSEWHERE = "elsewhere"  # the person ended it from another device

    class Kind(models.TextChoices):
        API = "api"
        PAGES = "pages"
        SUPPORT = "support"  # pages, read by somebody of the platform's staff (support.py)

    kind = models.CharField(max_length=7, choices=Kind, default=Kind.API)
    device = models.CharField(max_length=120, blank=True)  # "Chrome, Android"
    address = models.GenericIPAddressField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    platform_session = models.CharField(max_length=64, blank=True, db_index=True)  # hash of the key it came from
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    support = models.ForeignKey("SupportGrant", null=True, on_delete=models.CASCADE, related_name="+")
    generation = models.PositiveIntegerField(default=0)
    rotated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_for = models.CharField(max_length=12, choices=Ending, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user_id} / {self.organization_id}"


class OrganizationFigures(UUIDModel):
    """How large an organization was at the end of a day (its own time zone). See `figures.py`.

    `appointments` and `revenue` are those of the month so far; `revenue` is in the organization's currency.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="figures")
    day = models.DateField()
    clients = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)
    appointments = models.PositiveIntegerField(default=0)
    revenue = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    storage_bytes = models.PositiveBigIntegerField(default=0)
    schema_bytes = models.PositiveBigIntegerField(default=0, db_default=0)  # its tables and indexes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organization", "day"], name="organizations_figures_once")]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.day}"


class SupportGrant(UUIDModel):
    """Somebody of the platform's staff asked to look into an organization (support.py); what came of it, row by row."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="support_grants")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    staff_email = models.EmailField()  # stays when the person is gone
    reason = models.CharField(_("reason"), max_length=200)
    hours = models.PositiveSmallIntegerField(_("hours"))
    is_emergency = models.BooleanField(_("emergency"), default=False)  # taken without asking, by the firm's own leave
    asked_at = models.DateTimeField(_("asked"))
    granted_at = models.DateTimeField(_("granted"), null=True, blank=True)
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended early"), null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.staff_email} / {self.organization}"


class SupportView(UUIDModel):
    """One request made with support access; the organization's owner reads them."""

    grant = models.ForeignKey(SupportGrant, on_delete=models.CASCADE, related_name="views")
    at = models.DateTimeField(auto_now_add=True)
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=300)
    was_refused = models.BooleanField(default=False)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"
