"""The organization's own words for what its clients are told."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError, NotThere
from tenant_apps.activity import services as activity
from tenant_apps.notifications import events
from tenant_apps.notifications.models import Channel, Template
from tenant_apps.notifications.rendering import unknown
from tenant_apps.team.models import Member

LONGEST_SUBJECT, LONGEST_BODY, LONGEST_SHORT = 150, 4000, 480
WRONG = _("Unknown: %(unknown)s. You can use: %(allowed)s.")


@transaction.atomic
def save_template(
    *,
    event: str,
    channel: Channel,
    locale: str,
    subject: str,
    body: str,
    provider_name: str = "",
    actor: Member | None,
) -> Template:
    """Say it in the organization's own words from now on. Raises NotThere, FieldError (with what it may use)."""
    known = checked(event, channel)
    subject, body = " ".join(subject.split()), "\n".join(body.replace("\x00", "").splitlines()).strip()
    if channel == Channel.EMAIL and not subject:
        raise FieldError("subject", _("Give the e-mail a subject."), "required")
    if not body:
        raise FieldError("body", _("Write what the message says."), "required")
    limit = LONGEST_BODY if channel == Channel.EMAIL else LONGEST_SHORT
    for field, text, most in (("subject", subject, LONGEST_SUBJECT), ("body", body, limit)):
        if len(text) > most:
            raise FieldError(field, _("At most %(limit)s characters."), "max_length", limit=most)
        if wrong := unknown(text, known.words):
            allowed = ", ".join(f"{{{{ {name} }}}}" for name in known.words)
            raise FieldError(field, WRONG, "unknown_variable", unknown=", ".join(wrong[:10]), allowed=allowed)
    found = Template.objects.filter(event=event, channel=channel, locale=locale).first()
    template = found or Template(event=event, channel=channel, locale=locale)
    before = {"subject": template.subject, "body": template.body} if found else {}
    template.subject, template.body = subject, body
    template.provider_name, template.updated_by = provider_name.strip()[:120], actor
    template.save()
    activity.record(actor, "template.changed", template, before=before, after={"subject": subject, "body": body})
    return template


@transaction.atomic
def drop_template(*, event: str, channel: Channel, locale: str, actor: Member | None) -> None:
    """Back to the built-in words."""
    for template in Template.objects.filter(event=event, channel=channel, locale=locale):
        activity.record(actor, "template.dropped", template, before={"body": template.body})
        template.delete()


def checked(event: str, channel: Channel) -> events.Event:
    """The event, if clients are told of it through this channel. Raises NotThere."""
    known = events.EVENTS.get(event)
    if known is None or not known.clients or channel not in events.CLIENT_CHANNELS:
        raise NotThere
    return known
