"""What may be said of an organization: its address, names, document, place in time. Each raises FieldError by field."""

from __future__ import annotations

import re
from zoneinfo import available_timezones

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from stdnum.br import cnpj, cpf

from shared_apps.core.errors import FieldError

# Names that a visitor would take for the platform itself, that mail and browsers give a meaning of their own, or that
# we will want one day. Every name here is refused as an organization's address.
_RESERVED = """
about abuse account accounts admin administrator ajuda api app apps assets auth autoconfig autodiscover beta billing
blog cache calendar cdn central cliente clientes colmeia conta console dashboard data db dev developer developers
dns docs download email entrar example faq files financeiro ftp git grafana health healthz help home host
hostmaster imap img info internal invite ldap legal localhost login logout mail mailer media metrics mobile mx news
no-reply noreply ns ns1 ns2 oauth official pagamento pagamentos painel pay payments pgadmin platform pop pop3
portal postmaster precos privacy prod production proxy public readyz redis register root sandbox security server
shop signup site smtp sql ssh ssl sso stage staging static stats status store suporte support system template test
teste tls trash upload uploads vpn web webhook webhooks webmail webmaster wiki wpad ws www www1 www2
"""
RESERVED_SLUGS = frozenset(_RESERVED.split())
SHORTEST_SLUG, LONGEST_SLUG = 2, 40
_LABEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PUNCTUATION = re.compile(r"[\s./-]+")


def slug(typed: str) -> str:
    """The address in lower case: a DNS label of 2 to 40 letters, digits and single hyphens, with a letter in it."""
    name = _text("slug", typed, LONGEST_SLUG).lower()
    if not _LABEL.fullmatch(name) or len(name) < SHORTEST_SLUG or name.isdigit():
        raise FieldError(
            "slug", _("Use 2 to 40 letters without accents, digits and single hyphens, at least one letter.")
        )
    if name in RESERVED_SLUGS:
        raise FieldError("slug", _("The address “%(slug)s” is reserved."), "reserved", slug=name)
    return name


def name(typed: str) -> str:
    found = _text("name", typed, 120)
    if not found:
        raise FieldError("name", _("This must not be empty."), "required")
    return found


def legal_name(typed: str) -> str:
    return _text("legal_name", typed, 160)


def document(typed: str) -> str:
    """A CPF or CNPJ (with letters, since 2026, or without) as it is stored: no punctuation. Empty stays empty."""
    number = _PUNCTUATION.sub("", _text("document", typed, 32)).upper()
    if number and (len(set(number)) == 1 or not (cpf if len(number) == 11 else cnpj).is_valid(number)):
        raise FieldError("document", _("This is not a valid CPF or CNPJ."), "invalid_document")
    return number


def timezone(typed: str) -> str:
    zone = _text("timezone", typed, 64)
    if zone not in available_timezones():
        raise FieldError("timezone", _("“%(zone)s” is not a time zone, such as America/Sao_Paulo."), zone=zone)
    return zone


def locale(typed: str) -> str:
    code = _text("locale", typed, 10).lower()
    known = [known for known, _name in settings.LANGUAGES]
    if code not in known:
        raise FieldError("locale", _("Choose one of %(known)s."), known=", ".join(known))
    return code


def email(typed: str, *, field: str = "email") -> str:
    """An e-mail address in lower case."""
    address = _text(field, typed, 254).lower()
    try:
        validate_email(address)
    except ValidationError:
        raise FieldError(field, _("This is not an e-mail address.")) from None
    return address


def phone(typed: str) -> str:
    """A phone number as E.164; without a country it is Brazilian. Empty stays empty."""
    text = _text("phone", typed, 40)
    if not text:
        return ""
    try:
        number = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise FieldError("phone", _("This is not a phone number. Write it with the area code."), "invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _text(field: str, typed: str, limit: int) -> str:
    """Text of at most `limit` characters, blanks trimmed and single, without control characters."""
    if not isinstance(typed, str):
        raise FieldError(field, _("This must be text."))
    text = " ".join(typed.split())
    if any(not character.isprintable() for character in text):
        raise FieldError(field, _("This contains characters that cannot be printed."), "unprintable")
    if len(text) > limit:
        raise FieldError(field, _("Use at most %(limit)s characters."), "max_length", limit=limit)
    return text
