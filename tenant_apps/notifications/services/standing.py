"""Whether a message that waits is still to go out, and where to: asked at the moment of sending, not of queueing.

In between a client says no, is put away or erased, or loses their address; a member switches it off or leaves.
"""

from __future__ import annotations

from uuid import UUID

from shared_apps.mail.models import Mail
from shared_apps.mail.services import Dropped
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.notifications import events, reaching
from tenant_apps.notifications.channels.base import NOTIFICATION
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.recipients import Kind, Recipient
from tenant_apps.notifications.services.wishes import Wishes
from tenant_apps.team.models import Member

Reason = Notification.Reason


class LeftOut(Exception):
    """This message is not to go out."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


def address_of(notification: Notification) -> str:
    """Where its reader is reached now. Raises LeftOut."""
    recipient = _recipient(notification)
    if recipient is None:
        raise LeftOut(Reason.GONE)
    event, channel = events.EVENTS.get(notification.event), Channel(notification.channel)
    if event and not Wishes.of([recipient.id]).wants(event, recipient.kind, recipient.id, channel):
        raise LeftOut(Reason.OPTED_OUT)
    address = recipient.address_for(channel)[:254]
    if not address:
        raise LeftOut(Reason.NO_ADDRESS)
    return address


def leave_out(pk: UUID, reason: Reason) -> None:
    """It says why where messages are listed; what it led to is not kept."""
    Notification.objects.filter(pk=pk).update(
        status=Notification.Status.LEFT_OUT, error=reason, next_try_at=None, sent_at=None, url=""
    )


def address_of_mail(mail: Mail) -> str:
    """The same for a mail that was handed over and waits for its server. Raises Dropped; its message is marked.

    Mails are sent from public, so their organization's schema is entered here. One that is being deleted writes to
    nobody any more.
    """
    carried = mail.context.get(NOTIFICATION)
    if not carried or mail.organization_id is None:
        return mail.to
    firms = Organization.objects.exclude(status=Organization.Status.DELETING)
    schema = firms.filter(pk=mail.organization_id).values_list("schema_name", flat=True).first()
    if schema is None:
        raise Dropped(Reason.GONE)
    with context.enter(schema):
        notification = Notification.objects.filter(pk=carried).first()
        if notification is None:
            raise Dropped(Reason.GONE)
        try:
            return address_of(notification)
        except LeftOut as left_out:
            leave_out(notification.pk, left_out.reason)
            raise Dropped(left_out.reason) from None


def _recipient(notification: Notification) -> Recipient | None:
    if notification.recipient_type == Kind.CLIENT:
        return reaching.client(notification.recipient_id)
    member = Member.objects.filter(pk=notification.recipient_id, is_active=True).first()
    return Recipient.member(member) if member else None
