"""What people are told, and what they say about it."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from shared_apps.tenancy import context
from tenant_apps.notifications import consents
from tenant_apps.notifications.models import Channel, Preference
from tests.isolation.rows.base import Row
from tests.isolation.world import World


def consent(world: World) -> str:
    """The link in a message to the planted client. It is signed for one organization: elsewhere it means nothing."""
    with context.enter(world.schema):
        return consents.token(world["clients.Client"].pk, Channel.EMAIL)


def agreed(world: World) -> None:
    """Whoever holds the link may use it, as the one it was sent to; so it is asked for what stands already."""
    Preference.objects.create(
        recipient_type="client", recipient_id=world["clients.Client"].pk, channel=Channel.EMAIL, wanted=True
    )


def yes(_world: World, _user: User) -> dict[str, Any]:
    return {"wanted": "yes"}


ROWS: dict[str, Row] = {
    "GET /notifications/consent/<str:token>/": Row(arguments={"token": consent}, as_stranger=(200, 404), shows=False),
    "POST /notifications/consent/<str:token>/": Row(
        arguments={"token": consent}, before=agreed, body=yes, as_stranger=(200, 404), shows=False, changes=False
    ),
}
