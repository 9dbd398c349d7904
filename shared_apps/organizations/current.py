"""The organization that is active, as whoever works inside one needs it: its day, its words, its money, its address.

What the route knows costs no query; `row()` and `address()` read public.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from shared_apps.core import formats
from shared_apps.core.papers.sheet import Firm
from shared_apps.organizations import domains
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from shared_apps.tenancy.routing import Route


def route() -> Route | None:
    """None in public, and in a bare schema that is nobody's (a test's, a shell's)."""
    return routing.of_active()


def zone() -> ZoneInfo:
    known = route()
    return ZoneInfo(known.timezone if known else settings.PLATFORM_TIME_ZONE)


def today(now: datetime | None = None) -> date:
    """The day it is for the organization."""
    return timezone.localdate(now, zone())


def currency() -> str:
    known = route()
    return known.currency if known else "BRL"


def own_words(language: str = "") -> AbstractContextManager[None]:
    """Write in the organization's language, or in another, and its time zone: for what a job writes down."""
    known = route()
    return formats.reading(locale=language or known.locale, zone=known.timezone) if known else nullcontext()


def row() -> Organization:
    """Its row in public: what letterheads and mails say of it."""
    return Organization.objects.get(schema_name=context.active().schema)


def letterhead() -> Firm:
    """Who hands a paper out."""
    known = row()
    said = [known.legal_name if known.legal_name != known.name else "", formats.document(known.document)]
    return Firm(known.name, known.logo, tuple(filter(None, [*said, formats.phone(known.phone), known.email])))


def address(path: str = "") -> str:
    """Where its people and clients go: `path` on its main host; `path` alone where there is no organization."""
    known = route()
    return f"{domains.address_at(known.organization_id, known.slug)}{path}" if known else path
