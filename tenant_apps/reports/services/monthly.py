"""Reports that go by e-mail on a day of every month, about the month before; each month once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from django.db import transaction

from shared_apps.core import formats
from shared_apps.mail import services as mail
from shared_apps.organizations import current
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.jobs import due
from tenant_apps.activity import services as activity
from tenant_apps.notifications.services import Recipient, notify
from tenant_apps.reports import sending
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue import REPORTS, Report
from tenant_apps.reports.models import Run, Subscription
from tenant_apps.reports.services.files import Order
from tenant_apps.reports.services.runs import KEEP_MONTHLY, may_read, order_run
from tenant_apps.team.models import Member

HOUR = time(8)  # local


@transaction.atomic
def subscribe(
    report: Report, asked: Asked, *, format: str, day: int, to: Sequence[str], actor: Member, now: datetime
) -> Subscription:
    """Have a report sent every month from the next `day` on. Its days are each time those of the month before."""
    filters = {name: value for name, value in asked.as_json().items() if name not in ("from", "until")}
    made = Subscription.objects.create(
        report=report.key, filters=filters, format=format, day=day, to=list(dict.fromkeys(to)), by=actor,
        last_month=_last_done(day, now.astimezone(current.zone())),
    )  # fmt: skip
    activity.record(actor, "report.subscribed", made, after={"report": report.key, "day": day})
    due.mark("reports.send_monthly", _due_at(made, current.zone()))
    return made


@transaction.atomic
def unsubscribe(subscription: Subscription, *, actor: Member) -> None:
    activity.record(actor, "report.unsubscribed", subscription, before={"report": subscription.report})
    subscription.delete()


def send_due(*, now: datetime) -> int:
    """Order and announce what is due; returns how many. After an outage only the last month is sent."""
    organization, sent = current.row(), 0
    zone = current.zone()
    for subscription in Subscription.objects.select_for_update().filter(is_active=True).select_related(None):
        if subscription.report not in REPORTS or _due_at(subscription, zone) > now:
            continue
        month = _month_before(subscription.day, now.astimezone(zone))
        subscription.last_month = month
        subscription.save(update_fields=["last_month"])
        _send(subscription, month, organization, now)
        sent += 1
    return sent


def next_sending() -> datetime | None:
    """When something goes out next; None: nobody wants anything."""
    zone = current.zone()
    wanted = Subscription.objects.filter(is_active=True, report__in=REPORTS)
    return min((_due_at(one, zone) for one in wanted), default=None)


def _send(subscription: Subscription, month: date, organization: Organization, now: datetime) -> None:
    report = REPORTS[subscription.report]
    with formats.reading(locale=organization.locale, zone=organization.timezone):
        asked = Asked.read(subscription.filters, report.statuses).about(month)
        run = order_run(Order(report, asked, subscription.format), actor=None, now=now, keep=KEEP_MONTHLY)
        values = {
            "report": str(report.title),
            "month": f"{month:%m/%Y}",
            "until": formats.date(now + KEEP_MONTHLY),
        }
    for address in subscription.to:
        own = values | {"url": current.address(sending.path(run, subscription, address))}
        mail.send("reports/monthly", to=address, locale=organization.locale, organization=organization, context=own)
    _tell(subscription, run, month, now)


def _tell(subscription: Subscription, run: Run, month: date, now: datetime) -> None:
    """Let the members who asked for it find it in their bell too; who got the e-mail above needs no second one."""
    written_to = {address.lower() for address in subscription.to}
    members = Member.objects.filter(is_active=True)
    notify(
        "report.sent",
        subject=subscription,
        day=current.today(now),
        to=[
            replace(Recipient.member(member), email="") if has_mail else Recipient.member(member)
            for member in members
            if ((has_mail := member.email.lower() in written_to) or member.pk == subscription.by_id)
            and may_read(run, member)
        ],
        values={"title": REPORTS[run.report].title, "period": f"{month:%m/%Y}"},
        url=f"/reports/runs/{run.pk}/",
        now=now,
    )


def _month_before(day: int, local: datetime) -> date:
    """The newest month whose report is due: its sending day, in the month after it, has come."""
    first = local.date().replace(day=1)
    is_due = local.day > day or (local.day == day and local.time() >= HOUR)
    return first - relativedelta(months=1 if is_due else 2)


def _last_done(day: int, local: datetime) -> date:
    return _month_before(day, local)


def _due_at(subscription: Subscription, zone: ZoneInfo) -> datetime:
    """When the month after the last one sent is due."""
    last = subscription.last_month or subscription.created_at.astimezone(zone).date().replace(day=1) - relativedelta(
        months=2
    )
    sending = last.replace(day=1) + relativedelta(months=2)
    return datetime.combine(sending + timedelta(days=subscription.day - 1), HOUR, tzinfo=zone)
