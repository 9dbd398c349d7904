"""What a firm says of itself and how strict it is, changed by people who may be two at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import IO, Any

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core import pictures
from shared_apps.core.errors import FieldError, Stale
from shared_apps.core.ids import uuid7
from shared_apps.organizations import colours, lifecycle, page_sessions, validation
from shared_apps.organizations.errors import DocumentTaken
from shared_apps.organizations.models import Membership, Organization, RefreshSession
from shared_apps.organizations.signals import organization_changed
from shared_apps.tenancy import context, routing

CURRENCIES = ("BRL", "USD", "EUR", "ARS", "CLP", "COP", "MXN", "PYG", "PEN", "UYU")
LEAST_IDLE, MOST_IDLE = 5, 480  # minutes
LOGO_SIDE = 256  # pixels

Values = dict[str, Any]


class ChangedMeanwhile(Stale):
    """Somebody else changed these fields: `changes` is name -> (what the asker saw, what it is now)."""

    message = _(
        "Somebody else changed this in the meantime. Look at what changed, and send yours again if it still holds."
    )

    def __init__(self, changes: Mapping[str, tuple[Any, Any]]) -> None:
        self.changes = dict(changes)
        super().__init__()


def _currency(typed: str) -> str:
    code = typed.strip().upper()
    if code not in CURRENCIES:
        raise FieldError("currency", _("Choose one of %(known)s."), known=", ".join(CURRENCIES))
    return code


def _email(typed: str) -> str:
    return validation.email(typed) if typed.strip() else ""


def _idle(typed: int) -> int:
    if not LEAST_IDLE <= typed <= MOST_IDLE:
        message = _("From %(least)s to %(most)s minutes.")
        raise FieldError("idle_minutes", message, "out_of_range", least=LEAST_IDLE, most=MOST_IDLE)
    return typed


PROFILE: dict[str, Callable[[Any], Any]] = {
    "name": validation.name,
    "legal_name": validation.legal_name,
    "document": validation.document,
    "email": _email,
    "phone": validation.phone,
    "locale": validation.locale,
    "timezone": validation.timezone,
    "currency": _currency,
    "accent": colours.accent,
}
SECURITY: dict[str, Callable[[Any], Any]] = {"require_mfa": bool, "idle_minutes": _idle}


def shown(organization: Organization, rules: Mapping[str, object]) -> Values:
    """The values of a form's fields as they are now."""
    return {name: getattr(organization, name) for name in rules}


def update_profile(
    organization: Organization, *, actor: User | None, seen: Mapping[str, Any] | None = None, **changes: Any
) -> Organization:
    """Change some of PROFILE's fields. `seen` is what the asker was shown: what differs now was changed by another.

    Raises FieldError for a value, DocumentTaken, ChangedMeanwhile.
    """
    return _update(organization, PROFILE, actor, seen, changes)


@transaction.atomic
def update_security(
    organization: Organization, *, actor: User | None, seen: Mapping[str, Any] | None = None, **changes: Any
) -> Organization:
    """The same for SECURITY's fields. The idle time holds from everybody's next page on. A second step that is asked
    for from now on signs out whoever has none, pages and API: they set it up on their way in."""
    organization = _update(organization, SECURITY, actor, seen, changes)
    if organization.require_mfa:
        end_unprotected(Q(organization=organization))
    return organization


def end_unprotected(condition: Q) -> int:
    """End the sign-ins that fit, of people without a second step in firms that ask for one; how many."""
    asked = Q(organization__require_mfa=True) & ~Exists(_second_steps(OuterRef("user")))
    found = RefreshSession.objects.filter(condition & asked, revoked_at=None).values("pk")
    return page_sessions.end_every(Q(pk__in=found), RefreshSession.Ending.ACCESS_LOST)


@transaction.atomic
def set_logo(organization: Organization, file: IO[bytes], *, name: str, actor: User | None) -> Organization:
    """Runs inside the organization's schema. Raises TooManyPixels and UnreadableImage."""
    content = pictures.square(file, name, field="logo", side=LOGO_SIDE)
    organization = lifecycle.lock(organization)
    before = organization.logo
    organization.logo = default_storage.save(f"logo/{uuid7()}.png", ContentFile(content))
    _saved(organization, ["logo"], actor, {"logo": before}, {"logo": organization.logo})
    _drop_file(organization, before)
    return organization


@transaction.atomic
def remove_logo(organization: Organization, *, actor: User | None) -> Organization:
    """Runs inside the organization's schema; without a logo it is no error."""
    organization = lifecycle.lock(organization)
    before, organization.logo = organization.logo, ""
    if before:
        _saved(organization, ["logo"], actor, {"logo": before}, {"logo": ""})
        _drop_file(organization, before)
    return organization


def without_mfa(organization: Organization) -> QuerySet[Membership]:
    """The active members who could not sign in any more, or had to set it up first, if two steps were required."""
    active = Membership.objects.filter(organization=organization, is_active=True, user__is_active=True)
    return (
        active.filter(~Exists(_second_steps(OuterRef("user"))))
        .select_related("user")
        .order_by("user__name", "user__email")
    )


def _second_steps(user: OuterRef) -> QuerySet[Authenticator]:
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return Authenticator.objects.filter(user=user, type__in=kinds)


@transaction.atomic
def _update(
    organization: Organization,
    rules: Mapping[str, Callable[[Any], Any]],
    actor: User | None,
    seen: Mapping[str, Any] | None,
    changes: Mapping[str, Any],
) -> Organization:
    organization = lifecycle.lock(organization)
    before = shown(organization, rules)
    others = {name: (seen[name], now) for name, now in before.items() if name in (seen or {}) and seen[name] != now}  # type: ignore[index] # asked first
    if others:
        raise ChangedMeanwhile(others)
    for name, value in changes.items():
        setattr(organization, name, rules[name](value))
    after = shown(organization, rules)
    if after == before:
        return organization
    taken = Organization.objects.filter(document=organization.document).exclude(pk=organization.pk)
    if organization.document and after.get("document") != before.get("document") and taken.exists():
        raise DocumentTaken
    _saved(organization, list(changes), actor, before, after)
    return organization


def _saved(organization: Organization, fields: list[str], actor: User | None, before: Values, after: Values) -> None:
    Organization.objects.filter(pk=organization.pk).update(**{name: getattr(organization, name) for name in fields})
    with context.enter(organization.schema_name):
        organization_changed.send(
            Organization,
            organization=organization,
            user_id=actor.pk if actor is not None else None,
            before=before,
            after=after,
        )
    hosts = list(organization.domains.values_list("domain", flat=True))
    transaction.on_commit(partial(routing.forget, hosts=hosts, schema=organization.schema_name))


def _drop_file(organization: Organization, name: str) -> None:
    if name:
        transaction.on_commit(partial(_delete_file, organization.schema_name, name), robust=True)


def _delete_file(schema: str, name: str) -> None:
    with context.enter(schema):
        default_storage.delete(name)
