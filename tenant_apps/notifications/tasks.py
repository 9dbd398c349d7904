"""What delivers, tries again, and forgets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shared_apps.tenancy.jobs import organization_task, periodic
from tenant_apps.notifications import services


@organization_task("notifications.deliver", atomic=False)
def deliver(ids: list[str]) -> None:
    services.deliver([UUID(pk) for pk in ids], now=timezone.now())


@organization_task("notifications.check_keys", atomic=False)
def check_keys(account_id: str) -> None:
    services.check_keys(UUID(account_id), now=timezone.now())


@periodic(services.RETRY, work="indexed", next_due=services.next_try, label=_("Send messages again"))
def retry(now: datetime) -> dict[str, int]:
    return services.retry(now=now)


@periodic("notifications.forget", work="indexed", next_due=services.next_forgetting, label=_("Remove old messages"))
def forget(now: datetime) -> dict[str, int]:
    return {"messages": services.forget(now=now)}
