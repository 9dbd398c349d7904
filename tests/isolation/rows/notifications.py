"""What people are told, and what they say about it."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from shared_apps.tenancy import context
from tenant_apps.notifications import consents
from tenant_apps.notifications.models import Channel, ChannelAccount, Notification, Preference, Template
from tenant_apps.team.models import Member
from tests.isolation.rows.base import Row, Words, key_of
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


def declined(world: World) -> None:
    agreed(world)
    Preference.objects.update(wanted=False)


def yes(_world: World, _user: User) -> dict[str, Any]:
    return {"wanted": "yes"}


def told(world: World) -> None:
    """The planted message, told to whoever asks: each role sees its own only, so it is given to all in turn."""
    Notification.objects.update(recipient_id=Member.objects.get(role="owner").pk, channel=Channel.APP, url="/")


OWN_ONLY = (200, 204, 302, 404)  # a message is seen by whom it was told to; another member finds nothing
MESSAGE = {"pk": key_of("notifications.Notification")}
WORDING: dict[str, Words] = {
    "event": lambda _world: "appointment.reminder",
    "channel": lambda _world: "email",
    "locale": lambda _world: "en",
}


def words(world: World, _user: User) -> dict[str, Any]:
    return {"subject": "See you", "body": f"Hello {world['clients.Client'].pk}", "provider_name": ""}


def own_words(_world: World) -> None:
    Template.objects.update(event="appointment.reminder", channel="email", locale="en")


SMS: dict[str, Words] = {"channel": lambda _world: "sms"}


def own_account(_world: World) -> None:
    """The planted account, as one that sends SMS and works."""
    ChannelAccount.objects.update(channel=Channel.SMS, state="ready")


def keys(_world: World, _user: User) -> dict[str, Any]:
    return {"account": "AC" + "0" * 32, "sender": "+15005550001", "secret": "a1" * 16}


ROWS: dict[str, Row] = {
    "GET /notifications/": Row(shows=False),
    "GET /notifications/bell/": Row(shows=False),
    "GET /notifications/latest/": Row(shows=False),
    "GET /notifications/preferences/": Row(shows=False),
    "POST /notifications/preferences/": Row(body=lambda *_: {"wanted": ["appointment.reminder email"]}, answers=(302,)),
    "POST /notifications/read/": Row(before=told, answers=(302,), changes=False),
    "POST /notifications/<uuid:pk>/read/": Row(arguments=MESSAGE, before=told, answers=OWN_ONLY, changes=False),
    "GET /notifications/consent/<str:token>/": Row(arguments={"token": consent}, as_stranger=(200, 404), shows=False),
    "POST /notifications/consent/<str:token>/": Row(
        arguments={"token": consent}, before=agreed, body=yes, as_stranger=(200, 404), shows=False, changes=False
    ),
    "GET /notifications/unsubscribe/<str:token>/": Row(
        arguments={"token": consent}, answers=(302,), as_stranger=(302, 404), shows=False
    ),
    "POST /notifications/unsubscribe/<str:token>/": Row(
        arguments={"token": consent}, before=declined, as_stranger=(204, 404), shows=False, changes=False
    ),
    "GET /settings/channels/": Row(before=own_account),
    "POST /settings/channels/<str:channel>/": Row(arguments=SMS, body=keys, answers=(302,)),
    "POST /settings/channels/<str:channel>/check/": Row(arguments=SMS, before=own_account, answers=(302,)),
    "GET /settings/channels/<str:channel>/state/": Row(arguments=SMS, before=own_account),
    "POST /settings/channels/<str:channel>/removal/": Row(arguments=SMS, before=own_account, answers=(302,)),
    "GET /settings/notifications/": Row(shows=False),
    "GET /settings/notifications/<str:event>/<str:channel>/<str:locale>/": Row(arguments=WORDING, before=own_words),
    "POST /settings/notifications/<str:event>/<str:channel>/<str:locale>/": Row(
        arguments=WORDING, body=words, answers=(302,)
    ),
    "POST /settings/notifications/<str:event>/<str:channel>/<str:locale>/preview/": Row(
        arguments=WORDING, body=words, changes=False
    ),
    "POST /settings/notifications/<str:event>/<str:channel>/<str:locale>/removal/": Row(
        arguments=WORDING, before=own_words, answers=(302,)
    ),
    "GET /clients/<uuid:pk>/messages/": Row(arguments={"pk": key_of("clients.Client")}, shows=False),
    "POST /clients/<uuid:pk>/messages/": Row(
        arguments={"pk": key_of("clients.Client")}, body=lambda *_: {"channel": "sms", "wanted": "yes"}
    ),
    "GET /api/v1/notifications/": Row(shows=False),
    "GET /api/v1/notifications/unread-count/": Row(shows=False),
    "POST /api/v1/notifications/read-all/": Row(before=told, changes=False),
    "POST /api/v1/notifications/<uuid:pk>/read/": Row(arguments=MESSAGE, before=told, answers=OWN_ONLY, changes=False),
    "GET /api/v1/notification-preferences/": Row(shows=False),
    "PUT /api/v1/notification-preferences/": Row(
        body=lambda *_: {"preferences": [{"event": "appointment.reminder", "channel": "email", "wanted": True}]}
    ),
}
