"""The link in a monthly report's mail: signed, of one organization, report and reader, who needs no account.

It opens nothing once the report has expired, nor once its reader is off the list of those it is sent to.
"""

from __future__ import annotations

from uuid import UUID

from django.core import signing
from django.urls import reverse

from shared_apps.tenancy import context
from tenant_apps.reports.models import Run, Subscription

SALT = "reports.sent"


def path(run: Run, subscription: Subscription, reader: str) -> str:
    token = signing.dumps([run.pk.hex, subscription.pk.hex, reader], salt=_salt())
    return reverse("reports:sent", args=[token], urlconf="config.urls.tenant")


def read(token: str) -> tuple[UUID, UUID, str] | None:
    """The report, whose list it was sent by, and to whom; None: it is not one of this organization's."""
    try:
        run, subscription, reader = signing.loads(token, salt=_salt())
        return UUID(run), UUID(subscription), str(reader)
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None


def _salt() -> str:
    return f"{SALT}:{context.active().schema}"
