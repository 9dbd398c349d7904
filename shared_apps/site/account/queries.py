"""What a person is shown of their own account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from shared_apps.accounts import history, platform_sessions
from shared_apps.accounts.models import SignIn, User
from shared_apps.core.tokens import hash_of
from shared_apps.organizations.models import Organization, RefreshSession

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a person is signed in. `is_here`: it came from this browser's sign-in."""

    pk: UUID
    where: str
    kind: str
    device: str
    address: str
    seen_at: datetime | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history. `where` is empty for the platform itself."""

    sign_in: SignIn
    where: str


def places_of(user: User, *, session_key: str) -> list[Place]:
    """Sign-ins that can be used, on all hosts: this browser first, then the last used."""
    here = hash_of(session_key)
    found = [
        Place(
            one.pk, "Colmeia", _("Site"), one.device, one.address or "", one.created_at, one.session_key == session_key
        )
        for one in platform_sessions.standing(user.pk)
    ]
    standing = RefreshSession.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
    for one in standing.select_related("organization").order_by(F("seen_at").desc(nulls_last=True))[:200]:
        kind = _("Browser") if one.kind == RefreshSession.Kind.PAGES else _("App")
        is_here = one.platform_session == here
        seen_at = one.seen_at or one.created_at
        found.append(Place(one.pk, one.organization.name, kind, one.device, one.address or "", seen_at, is_here))
    return sorted(found, key=lambda place: (place.is_here, place.seen_at), reverse=True)


def history_of(user: User) -> list[Entry]:
    """The last sign-ins, the newest first."""
    done = history.recent(user.pk, limit=SHOWN)
    named = Organization.objects.in_bulk([one.organization_id for one in done if one.organization_id])
    return [Entry(one, named[one.organization_id].name if one.organization_id in named else "") for one in done]
