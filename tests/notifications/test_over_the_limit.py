"""What the plan's month has no room for is not sent, and not lost from sight either."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client as Browser

from billing.plans.models import Plan, PlanEntitlement, Price
from billing.subscriptions.models import Status, Subscription
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.models import PendingJob
from tenant_apps.notifications.models import Channel, Notification
from tenant_apps.notifications.services import Notice, Recipient, notify_all
from tenant_apps.team.models import Member

TODAY = date(2026, 3, 2)
PAGE = "/settings/notifications/"


@pytest.fixture
def limited(acme: Organization, empty_cache: None) -> None:
    """Five messages a month."""
    plan = Plan.objects.create(code="five", name="Five")
    PlanEntitlement.objects.create(plan=plan, feature="notifications", amount=5)
    price = Price.objects.create(plan=plan, interval="month", currency="BRL", amount=Decimal(10))
    Subscription.objects.create(organization=acme, price=price, status=Status.ACTIVE)


def reminders(number: int, *also: Recipient) -> list[Notice]:
    clients = [Recipient.client(uuid4(), f"C{one}", f"c{one}@clients.example") for one in range(number)]
    return [
        Notice("appointment.reminder", "scheduling.appointment", uuid4(), TODAY, (one, *also), {"time": "09:00"})
        for one in clients
    ]


def count(status: str) -> int:
    return Notification.objects.exclude(channel=Channel.APP).filter(status=status).count()


def warnings() -> list[str]:
    found = Mail.objects.filter(template="billing/notice").order_by("created_at")
    return [mail.context["step"] for mail in found]


def test_over_the_limit_it_is_kept_seen_and_said(
    acme: Organization, limited: None, member: Member, alices: Browser
) -> None:
    first = reminders(3)
    with context.enter(acme.schema_name):
        notify_all(first)
        assert (count("pending"), warnings()) == (3, [])
        notify_all(reminders(1))
        notify_all(first)  # told already: takes no room
        assert (count("pending"), warnings()) == (4, ["limit_80"])
        notify_all(reminders(4, Recipient.member(member)))
        assert (count("pending"), count("over")) == (5, 3)
        assert warnings() == ["limit_80", "limit_100"]
        assert Notification.objects.filter(channel=Channel.APP).count() == 4
        notify_all(reminders(1))
        assert (count("over"), len(warnings())) == (4, 2)
        promised = PendingJob.objects.filter(name="notifications.deliver").values_list("arguments", flat=True)
        assert sum(len(one["ids"]) for one in promised) == 5
    page = alices.get(PAGE).content.decode()
    assert "4 messages of this month were not sent" in page
    assert page.count("over the plan") == 4
    use = alices.get("/settings/billing/").content.decode()
    assert "5 of 5" in use or "5 / 5" in use


def test_who_is_not_limited_is_told_everything(acme: Organization, inside: object) -> None:
    notify_all(reminders(7))
    assert (count("pending"), count("over")) == (7, 0)
