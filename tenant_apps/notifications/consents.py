"""The link in a client's messages with which they say no to more: signed, of one organization, client and channel."""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.urls import reverse

from shared_apps.tenancy import context
from tenant_apps.notifications.models import Channel

SALT = "notifications.consent"


def path(client_id: UUID, channel: Channel) -> str:
    return _path("consent", client_id, channel)


def one_click_path(client_id: UUID, channel: Channel) -> str:
    """For mail programs, which POST there without asking anything (RFC 8058)."""
    return _path("one_click", client_id, channel)


def _path(name: str, client_id: UUID, channel: Channel) -> str:
    return reverse(f"notifications:{name}", args=[token(client_id, channel)], urlconf="config.urls.tenant")


def token(client_id: UUID, channel: Channel) -> str:
    return signing.dumps([client_id.hex, str(channel)], salt=_salt())


def read(given: str) -> tuple[UUID, Channel] | None:
    """Who and what a link means; None: it is not one of this organization's."""
    try:
        client_id, channel = signing.loads(given, salt=_salt())
        return UUID(client_id), Channel(channel)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def _salt() -> str:
    """Of the organization, so that a link means nothing anywhere else. The name of a schema is given out once."""
    return f"{SALT}:{context.active().schema}"
