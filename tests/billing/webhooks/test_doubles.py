"""Edge case 21: a purchase that was paid twice all the same is one in the end, and the other's money goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import clock
from billing.gateways.base import CheckoutWanted, GatewayAway, PriceWanted
from billing.insight.figures import count_day
from billing.invoices.models import Invoice, Payment
from billing.subscriptions.models import Customer, Status, Subscription
from billing.subscriptions.sync import sync
from billing.webhooks.doubles import end_doubles
from billing.webhooks.models import Discrepancy
from billing.webhooks.reconciliation import reconcile
from shared_apps.accounts.models import User
from shared_apps.console.models import ConsoleAction
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.factories import bought
from tests.billing.sandboxes import GOOD, World
from tests.console.conftest import browser_of, protect

pytestmark = pytest.mark.django_db
Tell = Callable[..., None]
AGAIN = CheckoutWanted(
    "checkout:again", "", "", "", PriceWanted("", Decimal(99), "BRL", "month"), None, "http://x.example/",
    "http://x.example/",
)  # fmt: skip


def bought_again(ours: Subscription, sandbox: World, number: str = GOOD) -> None:
    """On a page that should have been closed."""
    customer = Customer.objects.get().external_id
    wanted = replace(AGAIN, reference=str(ours.pk), organization=str(ours.organization_id), customer=customer)
    assert sandbox.finish(sandbox.gateway.open_checkout(wanted).url, number=number).status_code == 303


def there(sandbox: World) -> list[tuple[str, str]]:
    """(state of the subscription, state of its invoice)"""
    bank = sandbox.sandbox.bank
    return [
        (one["state"], ",".join(invoice["state"] for invoice in bank.invoices_of(one["id"])))
        for one in bank.store.all("subscription")
    ]


def test_edge_21_the_second_is_ended_and_given_back(acme: Organization, sandbox: World, tell: Tell) -> None:
    ours = bought(acme, sandbox)
    tell(sandbox)
    first = sync(ours.pk, cause="test").external_id
    bought_again(ours, sandbox)
    tell(sandbox)
    assert PendingJob.objects.filter(name="webhooks.end_doubles").exists()
    for _again in range(2):
        end_doubles(ours.pk)
    ours.refresh_from_db()
    assert (ours.status, ours.external_id) == (Status.ACTIVE, first)
    assert there(sandbox) == [("running", "paid"), ("canceled", "refunded")]
    assert Discrepancy.objects.get().kind == "twice"


def books() -> list[tuple[str, Decimal, Decimal, bool]]:
    """(state, paid, given back, whether it is a charge of a subscription of ours), oldest first"""
    rows = Invoice.objects.order_by("issued_at", "number")
    return [(one.state, one.paid, one.refunded, one.subscription_id is not None) for one in rows]


def test_what_was_paid_twice_and_given_back_is_in_the_books(
    acme: Organization, sandbox: World, tell: Tell, alices: Client
) -> None:
    ours = sync(bought(acme, sandbox).pk, cause="test")
    bought_again(ours, sandbox)
    end_doubles(ours.pk)
    assert books() == [("paid", Decimal(99), Decimal(0), True), ("refunded", Decimal(99), Decimal(99), False)]
    assert list(Payment.objects.values_list("amount", "is_credit")) == [(Decimal(99), False)] * 2
    told = Mail.objects.get(context__step="given_back")
    assert (told.to, told.context["amount"]) == ("alice@acme.example", "R$99.00")
    end_doubles(ours.pk)
    assert Mail.objects.filter(context__step="given_back").count() == 1
    page = alices.get("/settings/billing/").content.decode()
    assert page.count("SBX-") == 2
    assert "R$99.00 given back" in page
    # Neither what it is charged for nor what it brings in is another for it.
    ours.refresh_from_db()
    assert (ours.status, ours.period_ends_at) == (Status.ACTIVE, Invoice.objects.get(state="paid").period_ends_at)
    now = clock.now()
    assert count_day(now, now.date(), {})["mrr.BRL"] == "99.00"


def test_a_refund_that_failed_is_made_though_the_double_has_ended(acme: Organization, sandbox: World) -> None:
    ours = sync(bought(acme, sandbox).pk, cause="test")
    bought_again(ours, sandbox)
    sandbox.sandbox.loses_answer_of = r"/api/subscriptions/\w+/cancellation"
    with pytest.raises(GatewayAway):
        end_doubles(ours.pk)
    assert there(sandbox) == [("running", "paid"), ("canceled", "paid")]
    end_doubles(ours.pk)
    assert there(sandbox) == [("running", "paid"), ("canceled", "refunded")]
    assert [state for state, *_rest in books()] == ["paid", "refunded"]


@pytest.fixture
def refused(acme: Organization, sandbox: World) -> Discrepancy:
    """Paid again with a card that takes nothing back."""
    ours = sync(bought(acme, sandbox).pk, cause="test")
    bought_again(ours, sandbox, number="4000000000005126")
    for _again in range(2):
        end_doubles(ours.pk)
    found: Discrepancy = Discrepancy.objects.get(kind="refund")
    assert (found.gone_at, found.organization_id) == (None, acme.pk)
    assert Mail.objects.filter(context__step="given_back").count() == 0
    return found


def act(name: str, discrepancy: Discrepancy) -> Any:
    console = browser_of(
        protect(User.objects.get_or_create(email="olga@colmeia.example", is_superuser=True, is_staff=True)[0])
    )
    path = f"/console/webhooks/discrepancy/{discrepancy.pk}/act/{name}/"
    return console.post(path, {"reason": "as agreed with the bank"})


def test_a_refund_that_is_refused_stands_and_can_be_tried_again(refused: Discrepancy, sandbox: World) -> None:
    reconcile(now=clock.now())
    assert PendingJob.objects.filter(name="webhooks.end_doubles").exists(), "asked again each night"
    refused.refresh_from_db()
    assert refused.gone_at is None
    answer = act("refund_again", refused)
    assert "takes no refund" in answer.content.decode()
    assert not ConsoleAction.objects.exists()
    bank = sandbox.sandbox.bank
    for one in bank.store.all("subscription"):
        bank.save("subscription", one | {"card": None})
    assert act("refund_again", refused).status_code == 302
    assert there(sandbox)[1] == ("canceled", "refunded")
    assert Mail.objects.filter(context__step="given_back").count() == 1
    assert act("settle", refused).status_code == 302  # there is nothing left to settle: no harm
    refused.refresh_from_db()
    assert refused.gone_at is not None


def test_a_refund_that_was_settled_another_way_is_never_made(refused: Discrepancy, sandbox: World) -> None:
    assert act("settle", refused).status_code == 302
    assert ConsoleAction.objects.get().reason == "as agreed with the bank"
    bank = sandbox.sandbox.bank
    for one in bank.store.all("subscription"):
        bank.save("subscription", one | {"card": None})
    end_doubles(Subscription.objects.get().pk)
    assert there(sandbox)[1] == ("canceled", "paid")


def test_what_becomes_of_the_refund_later_is_written_down(acme: Organization, sandbox: World, tell: Tell) -> None:
    ours = sync(bought(acme, sandbox).pk, cause="test")
    bought_again(ours, sandbox)
    end_doubles(ours.pk)
    Invoice.objects.filter(state="refunded").update(state="paid", refunded=0)  # as where it takes days to go back
    tell(sandbox)
    end_doubles(PendingJob.objects.filter(name="webhooks.end_doubles").latest("pk").arguments["subscription_id"])
    assert [state for state, *_rest in books()] == ["paid", "refunded"]


def test_of_one_that_waits_and_one_that_is_paid_the_paid_one_stays(
    acme: Organization, sandbox: World, tell: Tell
) -> None:
    ours = bought(acme, sandbox, method="pix")
    sync(ours.pk, cause="test")
    bank = sandbox.sandbox.bank
    bank.save("checkout", bank.store.all("checkout")[0] | {"state": "expired"})
    bought_again(ours, sandbox)
    end_doubles(ours.pk)
    ours.refresh_from_db()
    second = bank.store.all("subscription")[1]["id"]
    assert (ours.status, ours.external_id) == (Status.ACTIVE, second)
    assert there(sandbox) == [("canceled", "void"), ("running", "paid")]
    assert [state for state, *_rest in books()] == ["void", "paid"], "nobody is asked for what was withdrawn"


def test_what_was_paid_after_it_ended_with_us_goes_back(acme: Organization, sandbox: World, settings: Any) -> None:
    ours = bought(acme, sandbox)
    Subscription.objects.filter(pk=ours.pk).update(status=Status.CANCELED, ended_at=clock.now())
    assert {one.kind for one in reconcile(now=clock.now())} == {"twice"}
    job = PendingJob.objects.get(name="webhooks.end_doubles")
    end_doubles(job.arguments["subscription_id"])
    assert there(sandbox) == [("canceled", "refunded")]
    assert reconcile(now=clock.now()) == []
    assert books() == [("refunded", Decimal(99), Decimal(99), False)]


def test_one_purchase_is_left_alone(acme: Organization, sandbox: World) -> None:
    ours = sync(bought(acme, sandbox).pk, cause="test")
    end_doubles(ours.pk)
    assert there(sandbox) == [("running", "paid")]
    assert not Discrepancy.objects.exists()
