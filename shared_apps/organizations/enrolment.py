"""Opening an organization for somebody who may be new: the person, the organization, a way to sign in.

What `manage.py onboard` and, later, sign-up do. It can be repeated: what is there stays as it is. A new person gets a
password last, so that one who was interrupted half-way gets it, and is told it, on the next run.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core.errors import DomainError, FieldError
from shared_apps.organizations import members, onboarding, validation
from shared_apps.organizations.errors import SlugTaken
from shared_apps.organizations.models import Membership, Organization, Role
from shared_apps.organizations.signals import organization_demo_requested
from shared_apps.tenancy import context

DEMO_PASSWORD = "colmeia-demo"  # noqa: S105 - documented, and given out on development machines only
DEMO_PEOPLE = {Role.OWNER: "Helena Prado", Role.STAFF: "Rafael Lima", Role.VIEWER: "Bianca Rocha"}


class NotADemo(DomainError):
    code = "not_a_demo"
    message = _("%(slug)s holds real data and is not filled with made-up data.")


@dataclass(frozen=True, slots=True)
class SignIn:
    """How somebody gets in. `password` is there only when this run made it up, or when it is the demo's."""

    role: str
    email: str
    password: str = ""
    is_new: bool = False  # this run gave it


@dataclass(frozen=True, slots=True)
class Enrolment:
    organization: Organization
    opened: bool  # False: it was there, nothing was changed
    sign_ins: list[SignIn] = field(default_factory=list)


def enrol(
    *,
    slug: str,
    name: str,
    owner_email: str,
    details: Mapping[str, str] = MappingProxyType({}),
    password: str = "",
    is_demo: bool = False,
) -> Enrolment:
    """Raises what open_organization raises, FieldError for owner and password, NotADemo.

    `details` are further fields of open_organization. The password counts for a new person only; without one, one is
    made up.
    """
    slug, email = validation.slug(slug), validation.email(owner_email, field="owner")
    if password:
        _check_password(password, email)
    found = Organization.objects.filter(slug=slug).first()
    known = User.objects.filter(email=email).first()
    if found and (known is None or onboarding.find(slug, known) is None):
        raise SlugTaken(slug)
    if found and is_demo and not found.is_demo:
        raise NotADemo(slug=slug)
    owner = known or _new_person(email, DEMO_PEOPLE[Role.OWNER] if is_demo else "")
    try:
        organization = onboarding.open_organization(slug=slug, name=name, owner=owner, is_demo=is_demo, **details)
    except (FieldError, NotADemo):
        if known is None:
            owner.delete()
        raise
    opened = found is None or found.status != organization.status
    people = [(Role.OWNER, owner), *(_demo_people(organization, email) if is_demo else [])]
    if is_demo and organization.status == Organization.Status.ACTIVE:
        with context.enter(organization.schema_name), transaction.atomic():
            organization_demo_requested.send(Organization, organization=organization)
    return Enrolment(organization, opened, _sign_ins(people, password, is_demo=is_demo))


def _check_password(password: str, email: str) -> None:
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise FieldError("password", " ".join(error.messages)) from None
    if "\0" in password or len(password) > 128:
        raise FieldError("password", _("Use at most 128 characters, none of them a null byte."))


def _new_person(email: str, name: str) -> User:
    """Without a password for now, which nobody can sign in with."""
    return User.objects.create_user(email, None, name=name)


def _demo_people(organization: Organization, owner_email: str) -> list[tuple[Role, User]]:
    people = []
    for role in (Role.STAFF, Role.VIEWER):
        email = f"{role.value}@{owner_email.partition('@')[2]}"
        user = User.objects.filter(email=email).first() or _new_person(email, DEMO_PEOPLE[role])
        if not Membership.objects.filter(organization=organization, user=user).exists():
            members.add_member(organization, user, role=role)
        people.append((role, user))
    return people


def _sign_ins(people: list[tuple[Role, User]], password: str, *, is_demo: bool) -> list[SignIn]:
    """Give everybody without a password one (the same in a demo), and say what is known of the others'."""
    is_shared = is_demo and settings.DEBUG and not password
    chosen = password or (DEMO_PASSWORD if is_shared else secrets.token_urlsafe(12))
    encoded = make_password(chosen) if any(not user.has_usable_password() for _role, user in people) else ""
    demo = {user.password: user for _role, user in people} if is_shared else {}
    still_demo = {
        hashed for hashed, user in demo.items() if user.check_password(DEMO_PASSWORD)
    }  # one slow hash, not three
    sign_ins = []
    for role, user in people:
        if user.has_usable_password():
            told = DEMO_PASSWORD if user.password in still_demo else ""
            sign_ins.append(SignIn(role.value, user.email, told))
        else:
            user.password = encoded
            user.save(update_fields=["password"])
            sign_ins.append(SignIn(role.value, user.email, "" if password else chosen, is_new=True))
    return sign_ins
