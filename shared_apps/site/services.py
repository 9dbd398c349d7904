"""Signing up: a person, a firm, and its first page, from nothing to signed in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError
from shared_apps.mail import services as mail
from shared_apps.organizations import onboarding, validation
from shared_apps.organizations.errors import SlugTaken
from shared_apps.organizations.models import Organization
from shared_apps.site import queries
from shared_apps.tenancy import names
from shared_apps.web.context import platform_url

SUGGESTIONS = 3
AGAIN_WITHIN = timedelta(minutes=10)  # a second press, or an app that never got the answer


@dataclass(frozen=True, slots=True)
class SignedUp:
    user: User
    organization: Organization
    is_new: bool  # the person had no account before


def sign_up(*, firm: str, slug: str, locale: str, name: str, email: str, password: str) -> SignedUp:
    """A new person and the firm they own, written down; `open_firm` makes it ready. The same again finds the same.

    Raises FieldError: for a field that is not right, a taken address, an e-mail that has an account already.
    """
    email = validation.email(email)
    _check_password(password, User(email=email, name=name))
    for _again in range(2):
        known = User.objects.filter(email=email).first()
        if known is not None:
            return _same_again(known, password, slug)
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, password, name=" ".join(name.split()), locale=locale)
                EmailAddress.objects.create(user=user, email=email, primary=True, verified=False)
                return SignedUp(user, register_firm(user, firm=firm, slug=slug, locale=locale), is_new=True)
        except IntegrityError:
            continue  # pressed twice at the same moment: the other one made the account
    raise EmailTaken


def register_firm(user: User, *, firm: str, slug: str, locale: str) -> Organization:
    """Somebody who has an account opens a firm. Raises FieldError."""
    try:
        return onboarding.register_organization(slug=slug, name=firm, owner=user, locale=locale)
    except FieldError as error:
        if error.field != "name":
            raise
        raise FieldError("firm", error.message, error.code, **error.extra) from error


def open_firm(organization: Organization, *, owner: User) -> Organization:
    """Make it ready, from wherever an earlier try stopped."""
    return onboarding.open_organization(
        slug=organization.slug, name=organization.name, owner=owner, locale=organization.locale
    )


def tell_firms(email: str) -> None:
    """Write to an address where its person works; also when nobody has it, so that asking tells nothing."""
    email = validation.email(email)
    user = User.objects.filter(email=email, is_active=True).first()
    firms = [{"name": firm.name, "url": firm.url} for firm in queries.firms_of(user)] if user else []
    locale = (user.locale if user else "") or translation.get_language() or ""
    mail.send(
        "site/organizations", to=email, locale=locale, context={"firms": firms, "sign_up": f"{platform_url()}/sign-up/"}
    )


def slug_problem(typed: str) -> str:
    """Why an address cannot be had; empty when it can."""
    try:
        slug = validation.slug(typed)
    except FieldError as error:
        return error.detail
    return SlugTaken(slug).detail if is_taken(slug) else ""


def suggestions(wanted: str) -> list[str]:
    """Addresses near to what somebody wanted that are free now."""
    base = slug_from(wanted) or "equipe"
    tried = [base, *(f"{base}-{end}" for end in ("piscinas", "servicos", "equipe", "2", "3", "4"))]
    return [slug for slug in tried if not slug_problem(slug)][:SUGGESTIONS]


def slug_from(name: str) -> str:
    """ "Águas & Cia. Ltda" -> "aguas-cia-ltda"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: validation.LONGEST_SLUG].strip("-")


def is_taken(slug: str) -> bool:
    return Organization.objects.filter(slug=slug).exists() or names.is_taken(slug)


class EmailTaken(FieldError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "email", _("This e-mail has an account already. Sign in with it, then open the firm."), "taken"
        )


def _same_again(known: User, password: str, slug: str) -> SignedUp:
    """Only of an account that this sign-up made a moment ago: no older one's password is compared here."""
    if known.is_active and known.created_at > timezone.now() - AGAIN_WITHIN:
        found = onboarding.find(validation.slug(slug), known)
        if found is not None and known.check_password(password):
            return SignedUp(known, found, is_new=False)
    raise EmailTaken


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise FieldError("password", " ".join(error.messages)) from None
