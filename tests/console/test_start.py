"""The start page: few statements however many organizations there are, and figures that add up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from billing.invoices.models import Invoice
from billing.plans.models import Coupon, Plan, Price
from billing.subscriptions.models import Status, Subscription, SubscriptionTransition
from billing.webhooks.models import WebhookEvent
from shared_apps.console import figures
from shared_apps.console.models import PlatformFigures
from shared_apps.console.site import site
from shared_apps.organizations.models import Organization, OrganizationFigures
from shared_apps.tenancy.models import JobRun

NOON = datetime(2026, 11, 20, 15, tzinfo=UTC)  # noon in São Paulo
MOST = 9  # statements


@pytest.fixture
def price(db: None) -> Price:
    plan = Plan.objects.create(code="pro", name="Pro")
    return Price.objects.create(plan=plan, interval="month", currency="BRL", amount=Decimal("100"))


def many(number: int, price: Price) -> list[Organization]:
    """Organizations without a schema, each with a subscription, an invoice, a webhook, a run and figures."""
    now = timezone.now()
    made = [
        Organization(
            slug=f"firm-{number}-{one}", name=f"Firm {one}", schema_name=f"org_firm_{number}_{one}", status="active"
        )
        for one in range(number)
    ]
    Organization.objects.bulk_create(made)
    Subscription.objects.bulk_create([Subscription(organization=one, price=price, status="active") for one in made])
    OrganizationFigures.objects.bulk_create(
        [OrganizationFigures(organization=one, day=figures.day_of(now), appointments=7) for one in made]
    )
    Invoice.objects.bulk_create(
        [
            Invoice(
                organization=one, gateway="sandbox", external_id=str(uuid4()), state="failed", amount=10,
                currency="BRL", issued_at=now,
            )
            for one in made
        ]
    )  # fmt: skip
    WebhookEvent.objects.bulk_create(
        [WebhookEvent(gateway="sandbox", event_id=str(uuid4()), kind="x", payload={}) for _one in made]
    )
    JobRun.objects.bulk_create(
        [
            JobRun(
                schema_name=one.schema_name, organization_id=one.pk, job="x", slot=now, state="done", started_at=now,
                lateness=timedelta(seconds=90),
            )
            for one in made
        ]
    )  # fmt: skip
    return made


@pytest.mark.parametrize("number", [3, 300])
def test_statements_do_not_grow_with_organizations(number: int, console: Client, price: Price) -> None:
    many(number, price)
    figures.roll_up(now=timezone.now())
    console.get("/console/")  # writes down that the console is in use
    with CaptureQueriesContext(
        connection,
    ) as statements:
        page = console.get("/console/")
    assert page.status_code == 200
    assert f"R${number * 10:,}.00" in page.content.decode()
    asked = [one["sql"] for one in statements.captured_queries]
    assert len(asked) == 8, "\n".join(asked)
    assert len(asked) < MOST


def test_the_first_look_of_a_day_counts_it(console: Client, acme: Organization, price: Price) -> None:
    """Nobody waits for the hour: not after `make run`, and not in the morning."""
    Subscription.objects.create(organization=acme, price=price, status=Status.ACTIVE)
    figures.roll_up(now=timezone.now() - timedelta(days=1))
    page = console.get("/console/").content.decode()
    assert "R$100.00" in page
    assert "Nothing was counted yet" not in page
    assert PlatformFigures.objects.count() == 2
    console.get("/console/")
    assert PlatformFigures.objects.count() == 2


def test_a_day_has_one_row_and_its_last_count(acme: Organization) -> None:
    figures.roll_up(now=NOON)
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    figures.roll_up(now=NOON + timedelta(hours=1))
    row = PlatformFigures.objects.get()
    assert row.day == date(2026, 11, 20)
    assert (row.figures["organizations.is_active"], row.figures["organizations.is_suspended"]) == (1, 1)


def test_the_day_is_the_platforms_own(db: None) -> None:
    assert figures.day_of(datetime(2026, 11, 21, 2, 59, tzinfo=UTC)) == date(2026, 11, 20)
    assert figures.day_of(datetime(2026, 11, 21, 3, 0, tzinfo=UTC)) == date(2026, 11, 21)


def counted(at: datetime) -> dict[str, Any]:
    return figures.roll_up(now=at).figures


def test_revenue_and_what_moved_it(acme: Organization, globex: Organization, price: Price) -> None:
    """By hand: acme pays 100 a month; globex 600 a year, 50 a month; then acme has two seats, then globex leaves."""
    yearly = Price.objects.create(plan=price.plan, interval="year", currency="BRL", amount=Decimal("600"))
    seats = Price.objects.create(
        plan=price.plan, interval="month", currency="BRL", amount=Decimal("80"), per_member=True, retired_at=NOON
    )
    first = Subscription.objects.create(organization=acme, price=price, status=Status.ACTIVE)
    second = Subscription.objects.create(organization=globex, price=yearly, status=Status.ACTIVE)
    day = counted(NOON)
    assert (day["billing.mrr.BRL"], day["billing.new.BRL"], day["billing.paying"]) == ("150.00", "150.00", 2)
    assert counted(NOON + timedelta(hours=1))["billing.new.BRL"] == "150.00"  # counted again: nothing is new twice
    Subscription.objects.filter(pk=first.pk).update(price=seats, seats=2)
    later = counted(NOON + timedelta(hours=2))
    assert (later["billing.mrr.BRL"], later["billing.expansion.BRL"]) == ("210.00", "60.00")
    Subscription.objects.filter(pk=first.pk).update(seats=1)
    Subscription.objects.filter(pk=second.pk).update(status=Status.CANCELED)
    tomorrow = counted(NOON + timedelta(days=1))
    assert (tomorrow["billing.mrr.BRL"], tomorrow["billing.contraction.BRL"]) == ("80.00", "80.00")
    assert tomorrow["billing.churn.BRL"] == "50.00"
    assert "billing.new.BRL" not in tomorrow
    Subscription.objects.filter(pk=second.pk).update(status=Status.ACTIVE)
    back = counted(NOON + timedelta(days=2))
    assert (back["billing.mrr.BRL"], back["billing.expansion.BRL"]) == ("130.00", "50.00")


def test_edge_44_sums_are_by_currency(acme: Organization, globex: Organization, price: Price, console: Client) -> None:
    """Reais and dollars stand beside each other: in revenue, in its movement and in what failed."""
    dollars = Price.objects.create(plan=price.plan, interval="month", currency="USD", amount=Decimal("19.90"))
    for organization, sold in ((acme, price), (globex, dollars)):
        owner = Subscription.objects.create(organization=organization, price=sold, status=Status.ACTIVE)
        Invoice.objects.create(
            organization=organization, subscription=owner, gateway="sandbox", external_id=sold.currency,
            state="failed", amount=sold.amount, currency=sold.currency, issued_at=NOON,
        )  # fmt: skip
    day = counted(timezone.now())
    found = {name: value for name, value in day.items() if name.startswith(("billing.mrr", "billing.new"))}
    assert found == {
        "billing.mrr.BRL": "100.00", "billing.mrr.USD": "19.90",
        "billing.new.BRL": "100.00", "billing.new.USD": "19.90",
    }  # fmt: skip
    page = console.get("/console/").content.decode()
    assert page.count("R$100.00") >= 2
    assert page.count("$19.90") >= 2
    assert "119.90" not in page


def test_a_lasting_coupon_counts_and_a_passing_one_does_not(
    acme: Organization, globex: Organization, price: Price
) -> None:
    lasting = Coupon.objects.create(code="HALF", percent=Decimal("50"))
    passing = Coupon.objects.create(code="THREE", percent=Decimal("50"), periods=3)
    Subscription.objects.create(organization=acme, price=price, status=Status.ACTIVE, coupon=lasting)
    Subscription.objects.create(organization=globex, price=price, status=Status.PAST_DUE, coupon=passing)
    assert counted(NOON)["billing.mrr.BRL"] == "150.00"


def test_trials_and_what_became_of_them(acme: Organization, price: Price, console: Client) -> None:
    trial = Subscription.objects.create(organization=acme, price=price, status=Status.TRIALING)
    for to, at in (("trialing", NOON), ("active", NOON + timedelta(minutes=1))):
        was = "" if to == "trialing" else "trialing"
        SubscriptionTransition.objects.create(subscription=trial, from_status=was, to_status=to, cause="test", at=at)
    day = counted(NOON + timedelta(hours=1))
    told = {name: day[f"billing.{name}"] for name in ("trials_started", "trials_converted", "trials_ended", "trialing")}
    assert told == {"trials_started": 1, "trials_converted": 1, "trials_ended": 1, "trialing": 1}


def test_the_largest_of_last_night(acme: Organization, globex: Organization) -> None:
    yesterday = date(2026, 11, 19)
    OrganizationFigures.objects.create(organization=acme, day=yesterday, appointments=5, clients=1)
    OrganizationFigures.objects.create(organization=globex, day=yesterday, appointments=9, clients=2)
    OrganizationFigures.objects.create(organization=globex, day=date(2026, 11, 10), appointments=99)
    assert [row[1:4] for row in counted(NOON)["organizations.top"]] == [[globex.name, 2, 9], [acme.name, 1, 5]]


def test_an_empty_list_speaks_of_filters_only_where_there_are_some(console: Client) -> None:
    page = console.get("/console/subscriptions/subscription/").content.decode()
    assert "Nothing here yet" in page
    assert "Show all" not in page
    page = console.get("/console/subscriptions/subscription/?status__exact=active").content.decode()
    assert "Nothing matches what you look for" in page
    assert "Show all" in page


def test_every_field_that_staff_see_has_words() -> None:
    """Also those of the lists that stand on another thing's page."""
    with translation.override("pt-br"):
        shown = [
            (model, admin.fields or [one.name for one in model._meta.concrete_fields if not one.primary_key])
            for model, admin in site._registry.items()
        ]
        shown += [(one.model, one.fields or []) for admin in site._registry.values() for one in admin.inlines]
        bare = {
            f"{model._meta.label}.{field.name}"
            for model, names in shown
            for field in model._meta.concrete_fields
            if field.name in names and str(field.verbose_name) == field.name.replace("_", " ")
        }
    assert bare == set()
