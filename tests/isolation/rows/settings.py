"""The settings of an organization. Its own rows are public ones; only its history is in its schema."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.models import DomainClaim, SupportGrant
from tests.isolation.rows.base import Row
from tests.isolation.world import World


def claim(world: World) -> Any:
    name = f"own.{world.organization.slug}.example.com"
    return DomainClaim.objects.get_or_create(organization=world.organization, domain=name, defaults={"token": "t"})[
        0
    ].pk


def firm(world: World, _user: User) -> dict[str, str]:
    return {"name": "Renamed", "locale": "en", "timezone": "America/Manaus", "currency": "BRL"}


def asked(world: World) -> Any:
    """A request for support access; a granted one can be ended, an open one decided."""
    values = {"staff_email": "staff@platform.example", "reason": "to look", "hours": 2, "asked_at": timezone.now()}
    found, _made = SupportGrant.objects.get_or_create(organization=world.organization, defaults=values)
    return found.pk


ASKED = {"pk": asked}
CLAIM = {"pk": claim}
QUIET = {"answers": (302,), "changes": False}

ROWS: dict[str, Row] = {
    "GET /logo/": Row(answers=(404,), as_stranger=(404,), shows=False),
    "GET /brand.css": Row(shows=False),
    "GET /settings/firm/": Row(shows=False),
    "POST /settings/firm/": Row(body=firm, answers=(302,)),
    "POST /settings/firm/logo/": Row(answers=(422,), changes=False),
    "POST /settings/firm/logo/removal/": Row(**QUIET),
    "GET /settings/jobs/": Row(shows=False),
    "GET /settings/security/": Row(shows=False),
    "POST /settings/security/": Row(body=lambda *_: {"idle_minutes": "30"}, answers=(302,)),
    "GET /settings/domains/": Row(shows=False),
    "POST /settings/domains/": Row(body=lambda *_: {"domain": "new.example.com"}, **QUIET),
    "POST /settings/domains/primary/": Row(body=lambda world, _: {"domain": world.host}, **QUIET),
    "POST /settings/domains/<uuid:pk>/check/": Row(arguments=CLAIM, **QUIET),
    "GET /settings/support/": Row(shows=False),
    "POST /settings/support/emergencies/": Row(body=lambda *_: {"allowed": "on"}, **QUIET),
    "POST /settings/support/<uuid:pk>/grant/": Row(arguments=ASKED, **QUIET),
    "POST /settings/support/<uuid:pk>/refusal/": Row(arguments=ASKED, **QUIET),
    "POST /settings/support/<uuid:pk>/end/": Row(arguments=ASKED, **QUIET),
    "GET /api/v1/domains/": Row(shows=False),
    "POST /api/v1/domains/": Row(body=lambda *_: {"domain": "new.example.com"}, changes=False),
    "GET /api/v1/domains/<uuid:pk>/": Row(arguments=CLAIM, shows=False),
    "DELETE /api/v1/domains/<uuid:pk>/": Row(arguments=CLAIM, changes=False),
    "POST /api/v1/domains/<uuid:pk>/check/": Row(arguments=CLAIM, changes=False),
    "POST /api/v1/domains/primary/": Row(body=lambda world, _: {"domain": world.host}, changes=False),
    "POST /settings/domains/<uuid:pk>/removal/": Row(arguments=CLAIM, **QUIET),
}
