"""`send()` is the only way to write to somebody. The mail is a row in the caller's transaction, a task sends it.

At least once: a worker that dies after the server took the mail and before it wrote that down sends it again, with the
same Message-ID. A server that is away costs time only: tries go on for about a day.

Who asks for mails of a template may want a say when one goes out (`ask_before_sending`): minutes or hours later its
reader may have said no.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.validators import validate_email
from django.utils import timezone
from structlog import get_logger

from shared_apps.mail.models import Mail
from shared_apps.mail.rendering import Rendered, render
from shared_apps.tenancy import context as tenancy
from shared_apps.tenancy.jobs import enqueue

logger = get_logger(__name__)
LOST_AFTER = timedelta(minutes=10)
FIRST_WAIT = timedelta(minutes=1)  # then 2, 4 ... minutes
LONGEST_WAIT = timedelta(hours=4)
TRIES = 14
KEPT = timedelta(days=90)
UNSUBSCRIBE = "unsubscribe"  # in a mail's context, which is forgotten once it is sent


class Dropped(Exception):
    """This mail is not to go out any more. Its text is the reason, which the mail keeps."""


Ask = Callable[[Mail], str]
_asked: dict[str, Ask] = {}


class Sender(Protocol):
    """An organization in whose name a mail goes out."""

    @property
    def pk(self) -> UUID: ...

    name: str
    email: str


def send(
    template: str,
    *,
    to: str,
    locale: str = "",
    organization: Sender | None = None,
    context: Mapping[str, Any],
    unsubscribe: str = "",
) -> Mail:
    """Write down that this mail is to be sent, once this transaction commits.

    `template` names `mail/<template>.html`; `context` is JSON and holds absolute addresses. `unsubscribe`: where a
    single POST says that its reader wants no more of these (RFC 8058). Raises ValidationError for what is no e-mail
    address.
    """
    validate_email(to)
    with tenancy.public():
        mail = Mail.objects.create(
            template=template,
            to=to,
            locale=locale or settings.LANGUAGE_CODE,
            organization_id=organization.pk if organization else None,
            sender_name=organization.name if organization else "",
            reply_to=organization.email if organization else "",
            context={**context, UNSUBSCRIBE: unsubscribe} if unsubscribe else dict(context),
            next_try_at=timezone.now(),
        )
        enqueue("mail.deliver", mail_id=mail.pk)
    return mail


def ask_before_sending(template: str, ask: Ask) -> None:
    """`ask` is called in public before each try: it answers where the mail goes, or raises Dropped."""
    _asked[template] = ask


def deliver(mail_id: UUID, *, now: datetime) -> bool:
    """Send one mail, if it is waiting. True: it went out now."""
    waiting = Mail.objects.filter(pk=mail_id).waiting(now, lost_before=now - LOST_AFTER)
    if not waiting.update(status=Mail.Status.SENDING, claimed_at=now):
        return False
    mail = Mail.objects.get(pk=mail_id)
    mail.attempts += 1
    try:
        if ask := _asked.get(mail.template):
            mail.to = ask(mail)
        rendered = render(mail.template, locale=mail.locale, context={**mail.context, "sender_name": mail.sender_name})
        _message(mail, rendered).send()
    except Dropped as dropped:
        mail.status, mail.error, mail.context = Mail.Status.DROPPED, str(dropped)[:300], {}
        mail.save()
        return False
    except Exception as error:  # noqa: BLE001 - whatever a provider's backend raises
        _failed(mail, error, now)
        return False
    mail.status, mail.sent_at, mail.error = Mail.Status.SENT, now, ""
    mail.subject, mail.context = rendered.subject, {}
    mail.save()
    return True


def due(now: datetime) -> list[UUID]:
    """Those whose time has come again. A periodic job calls it."""
    return list(Mail.objects.waiting(now, lost_before=now - LOST_AFTER).values_list("pk", flat=True)[:500])


def purge(now: datetime) -> int:
    """Forget mails that are old; how many."""
    return Mail.objects.filter(created_at__lt=now - KEPT).delete()[0]


def sender_of(mail: Mail) -> str:
    """ "Acme Piscinas via Colmeia" <no-reply@...>: the firm's name, our address, which our servers may send from."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    shown = f"{' '.join(mail.sender_name.split())} via Colmeia" if mail.sender_name else name or "Colmeia"
    return formataddr((shown, address))


def _message(mail: Mail, rendered: Rendered) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{mail.pk}@{settings.PLATFORM_DOMAIN}>", "Auto-Submitted": "auto-generated"}
    if unsubscribe := mail.context.get(UNSUBSCRIBE):
        headers |= {"List-Unsubscribe": f"<{unsubscribe}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=sender_of(mail),
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(rendered.html, "text/html")
    return message


def _failed(mail: Mail, error: Exception, now: datetime) -> None:
    mail.error = f"{type(error).__name__}: {error}"[:300]
    if _is_final(error) or mail.attempts >= TRIES:
        mail.status, mail.context = Mail.Status.FAILED, {}
        logger.error("mail_failed", template=mail.template, mail_id=str(mail.pk), error=type(error).__name__)
    else:
        wait = min(FIRST_WAIT * 2 ** (mail.attempts - 1), LONGEST_WAIT)
        mail.status, mail.next_try_at = Mail.Status.PENDING, now + wait
        logger.warning("mail_put_off", template=mail.template, mail_id=str(mail.pk), error=type(error).__name__)
    mail.save()


def _is_final(error: Exception) -> bool:
    """The server says that this mail will never be taken (RFC 5321, 4.2.1: 5yz)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return type(error).__name__ == "AnymailRecipientsRefused"
