"""The organization's own keys: sealed at once, tried in the background, used for its messages alone, never shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError, NotThere
from shared_apps.core.sealing import sealed, unsealed
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import enqueue
from tenant_apps.activity import services as activity
from tenant_apps.notifications import channels
from tenant_apps.notifications.channels.base import Keys, NotDelivered
from tenant_apps.notifications.models import Channel, ChannelAccount
from tenant_apps.team.models import Member

State = ChannelAccount.State
WRONG = {
    "account": _("Copy the account's identifier whole: it begins with AC."),
    "sender": _("This is not what the provider calls a sender. Copy it from there, without blanks."),
    "secret": _("This is not a key of this provider. Copy it whole, without blanks."),
}
SHOWN = 4  # characters at the end of a key


@transaction.atomic
def save_keys(channel: Channel, *, account: str = "", sender: str, secret: str, actor: Member | None) -> ChannelAccount:
    """Keep the keys in place of the ones there were, and try them soon. Raises NotThere, FieldError."""
    adapter = channels.keyed(channel)
    if adapter is None:
        raise NotThere
    keys = Keys(account.strip(), sender.strip(), secret.strip())
    if wrong := adapter.wrong(keys):
        raise FieldError(wrong, WRONG[wrong], f"invalid_{wrong}")
    kept, _is_new = ChannelAccount.objects.update_or_create(
        channel=channel,
        defaults={
            "account": keys.account, "sender": keys.sender, "secret": sealed(keys.secret, purpose=_purpose()),
            "secret_end": keys.secret[-SHOWN:], "state": State.CHECKING, "problem": "", "known_as": "",
            "checked_at": None, "by": actor,
        },
    )  # fmt: skip
    activity.record(actor, "channel.connected", kept, after={"channel": str(channel), "sender": keys.sender})
    enqueue("notifications.check_keys", account_id=kept.pk)
    return kept


@transaction.atomic
def drop_keys(channel: Channel, *, actor: Member | None) -> None:
    """Forget them. Raises NotThere."""
    kept = ChannelAccount.objects.select_for_update().filter(channel=channel).first()
    if kept is None:
        raise NotThere
    activity.record(actor, "channel.disconnected", kept, before={"channel": str(channel), "sender": kept.sender})
    kept.delete()


@transaction.atomic
def ask_again(channel: Channel) -> ChannelAccount:
    """Try the keys once more. Raises NotThere."""
    kept = ChannelAccount.objects.select_for_update().filter(channel=channel).first()
    if kept is None:
        raise NotThere
    kept.state, kept.problem = State.CHECKING, ""
    kept.save(update_fields=["state", "problem"])
    enqueue("notifications.check_keys", account_id=kept.pk)
    return kept


def check_keys(account_id: UUID, *, now: datetime) -> None:
    """Ask the provider whether it knows them; nothing is sent. Outside of a transaction."""
    kept = ChannelAccount.objects.filter(pk=account_id, state=State.CHECKING).first()
    adapter = channels.keyed(kept.channel) if kept else None
    if kept is None or adapter is None:
        return
    keys, known_as, problem = _opened(kept), "", ""
    if keys is None:
        state, problem = State.REFUSED, str(_("The key cannot be read any more. Enter it again."))
    else:
        try:
            known_as, state = adapter.check(keys), State.READY
        except NotDelivered as refusal:
            state = State.REFUSED if refusal.final else State.UNSURE
            problem = str(refusal).replace(keys.secret, "…")
    mine = ChannelAccount.objects.filter(pk=account_id, secret=kept.secret)  # not if another key came meanwhile
    mine.update(state=state, problem=problem[:300], known_as=known_as[:120], checked_at=now)


def own_keys() -> dict[Channel, Keys | None]:
    """Of the organization that is active, by channel; None: they are there and cannot be used. One statement."""
    return {
        Channel(kept.channel): None if kept.state == State.REFUSED else _opened(kept)
        for kept in ChannelAccount.objects.all()
    }


def _opened(kept: ChannelAccount) -> Keys | None:
    try:
        secret = unsealed(kept.secret, purpose=_purpose())
    except ValueError:
        return None
    return Keys(kept.account, kept.sender, secret)


def _purpose() -> str:
    """Of the organization: a row that came into another schema, however it did, opens nothing there."""
    return f"notifications-key.{context.active().schema}"
