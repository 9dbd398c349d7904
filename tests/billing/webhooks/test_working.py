"""Worked off once, in order, and never lost: after crashes, failures, and in any order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from billing.invoices.models import Invoice, Payment
from billing.subscriptions.models import Status, Subscription
from billing.webhooks import replay, working
from billing.webhooks.models import WebhookEvent
from shared_apps.accounts.models import User
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.factories import begun, bought
from tests.billing.sandboxes import World, a_sandbox
from tests.billing.webhooks.conftest import Ring, work_off

pytestmark = pytest.mark.django_db
State = WebhookEvent.State
Tell = Callable[..., None]


def states() -> set[str]:
    return set(WebhookEvent.objects.values_list("state", flat=True))


def test_events_lead_to_the_truth(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox)
    subscription.refresh_from_db()
    assert (subscription.status, states()) == (Status.ACTIVE, {State.DONE})
    assert Payment.objects.count() == 1
    event = WebhookEvent.objects.order_by("received_at")[0]
    assert (event.organization_id, event.effect) == (acme.pk, "subscription active")


@pytest.mark.parametrize("order", [[3, 2, 1, 0], [2, 2, 0, 3, 1, 1], [1, 3, 0, 2, 3, 1]])
def test_any_order_with_repetitions_ends_the_same(
    acme: Organization, sandbox: World, tell: Tell, order: list[int]
) -> None:
    subscription = bought(acme, sandbox)
    for index in order:
        tell(sandbox, order=[index])
    subscription.refresh_from_db()
    assert (subscription.status, Payment.objects.count(), Invoice.objects.count()) == (Status.ACTIVE, 1, 1)


def test_one_organizations_events_leave_another_alone(
    acme: Organization, globex: Organization, sandbox: World, tell: Tell
) -> None:
    ours, theirs = bought(acme, sandbox), bought(globex, sandbox, key="checkout:2")
    mine = [i for i, (_t, body, _h) in enumerate(sandbox.events()) if str(ours.pk).encode() in body]
    tell(sandbox, order=mine)
    assert Subscription.objects.get(pk=ours.pk).status == Status.ACTIVE
    assert Subscription.objects.get(pk=theirs.pk).status == Status.INCOMPLETE
    assert not Invoice.objects.filter(organization=globex).exists()


def test_edge_08_an_effect_that_fails_is_rolled_back_and_tried_again(
    acme: Organization, sandbox: World, tell: Tell
) -> None:
    subscription = bought(acme, sandbox)
    sandbox.sandbox.is_away = True
    tell(sandbox)
    assert states() == {State.FAILED}
    failed = WebhookEvent.objects.order_by("received_at")[0]
    assert "GatewayAway" in failed.error
    assert failed.next_try_at is not None
    work_off()
    assert WebhookEvent.objects.get(pk=failed.pk).attempts == 1  # its time has not come
    sandbox.sandbox.is_away = False
    assert working.sweep(failed.next_try_at + timedelta(minutes=10)) >= 1
    WebhookEvent.objects.update(next_try_at=timezone.now())
    work_off()
    subscription.refresh_from_db()
    assert (states(), subscription.status, Payment.objects.count()) == ({State.DONE}, Status.ACTIVE, 1)


def test_edge_09_a_lost_worker_s_events_are_taken_back(acme: Organization, sandbox: World, tell: Tell) -> None:
    bought(acme, sandbox)
    tell(sandbox, works=False)
    WebhookEvent.objects.update(state=State.WORKING, claimed_at=timezone.now(), attempts=1)
    work_off()
    assert states() == {State.WORKING}  # somebody is at it, as far as anybody knows
    PendingJob.objects.all().delete()
    WebhookEvent.objects.update(claimed_at=timezone.now() - working.LEASE)
    assert working.sweep(timezone.now()) == 1
    assert PendingJob.objects.filter(name="webhooks.work").count() == 1
    work_off()
    assert (states(), Payment.objects.count()) == ({State.DONE}, 1)


def test_a_worker_thought_dead_writes_nothing(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox, works=False)
    mine = working._claim("sandbox", WebhookEvent.objects.all()[0].subject, now=timezone.now())
    WebhookEvent.objects.update(claimed_at=timezone.now() + timedelta(seconds=1))  # by another one
    working._work_on(mine)
    subscription.refresh_from_db()
    assert (subscription.status, Payment.objects.count(), states()) == (Status.INCOMPLETE, 0, {State.WORKING})


def test_edge_12_poison_is_given_up_with_an_alert_and_holds_nobody_up(
    acme: Organization, sandbox: World, ring: Ring, tell: Tell
) -> None:
    User.objects.create_superuser("owner@platform.example", "correct-horse-battery-7")
    subscription = bought(acme, sandbox)
    tell(sandbox, works=False)
    poison = WebhookEvent.objects.create(
        gateway="gone", event_id="evt_poison", kind="x", subject="sub_x", subscription_ref="sub_x", payload={}
    )
    for _try in range(working.TRIES):
        WebhookEvent.objects.filter(pk=poison.pk, state=State.FAILED).update(next_try_at=timezone.now())
        work_off()
    poison.refresh_from_db()
    subscription.refresh_from_db()
    assert (poison.state, poison.attempts, subscription.status) == (State.DEAD, working.TRIES, Status.ACTIVE)
    assert "NoGateway" in poison.error
    assert Mail.objects.filter(template="billing/dead_letter", to="owner@platform.example").count() == 1


def test_edge_07_an_invoice_before_we_know_the_subscription(acme: Organization, sandbox: World, tell: Tell) -> None:
    """Edge 7: what is not ours yet by its id is found by the reference that the gateway keeps."""
    subscription = bought(acme, sandbox)
    tell(sandbox, works=False)
    WebhookEvent.objects.update(reference="", checkout_ref="")
    work_off()
    subscription.refresh_from_db()
    assert (subscription.status, states()) == (Status.ACTIVE, {State.DONE})


def test_edge_07_one_that_the_gateway_does_not_know_yet_itself_is_parked(
    acme: Organization, sandbox: World, tell: Tell, settings: Any
) -> None:
    """Its own copies lag behind: the event waits, is never answered with an error and never lost."""
    subscription = bought(acme, sandbox)
    with a_sandbox() as behind:
        settings.SANDBOX_URL = behind.url
        tell(sandbox, works=False)
        WebhookEvent.objects.update(reference="", checkout_ref="")
        work_off()
        assert states() == {State.FAILED}
    settings.SANDBOX_URL = sandbox.url
    WebhookEvent.objects.update(next_try_at=timezone.now())
    work_off()
    subscription.refresh_from_db()
    assert (subscription.status, states(), Payment.objects.count()) == (Status.ACTIVE, {State.DONE}, 1)


def test_edge_07_one_that_never_appears_is_nobodys(sandbox: World) -> None:
    """And no alert: an event of another account says nothing of ours."""
    stray = {"subject": "sub_x", "subscription_ref": "sub_x", "payload": {}}
    WebhookEvent.objects.create(gateway="sandbox", event_id="evt_x", kind="invoice.paid", **stray)
    for _try in range(working.PARKED):
        WebhookEvent.objects.update(next_try_at=timezone.now())
        work_off()
    kept = WebhookEvent.objects.get()
    assert (kept.state, kept.effect, kept.attempts) == (State.IGNORED, "not ours", working.PARKED)


def test_a_purchase_that_nobody_finishes_changes_nothing(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription, _url = begun(acme, sandbox)
    sandbox.move(days=2)
    tell(sandbox)
    subscription.refresh_from_db()
    assert subscription.external_id == ""
    assert states() == {State.DONE}


def test_edge_45_late_events_of_somebody_who_left_are_answered_and_change_nothing(
    sandbox: World, globex: Organization, tell: Tell
) -> None:
    subscription = bought(globex, sandbox)
    tell(sandbox)
    subscription.refresh_from_db()
    sandbox.gateway.cancel(subscription.external_id, at_period_end=False, key="cancel:1")
    tell(sandbox)
    subscription.refresh_from_db()
    assert subscription.status == Status.CANCELED
    before = subscription.transitions.count()
    tell(sandbox)
    assert subscription.transitions.count() == before


def test_replay_by_id_since_and_failed(acme: Organization, sandbox: World, tell: Tell) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox)
    event = WebhookEvent.objects.order_by("received_at")[0]
    assert replay.by_ids([event.pk]) == 1
    assert WebhookEvent.objects.get(pk=event.pk).state == State.PENDING
    work_off()
    WebhookEvent.objects.filter(pk=event.pk).update(state=State.DEAD, error="x")
    assert replay.failed() == 1
    assert replay.since(timezone.now() + timedelta(days=1)) == 0
    assert replay.since(timezone.now() - timedelta(days=1)) == WebhookEvent.objects.count()
    work_off()
    subscription.refresh_from_db()
    assert (states(), subscription.status, Payment.objects.count()) == ({State.DONE}, Status.ACTIVE, 1)


def test_edge_51_an_id_is_whole(sandbox: World) -> None:
    id = "evt_05b708f961d739ea7eba7e4db318f621&368604920"
    for event_id in (id, id.partition("&")[0]):
        WebhookEvent.objects.create(gateway="asaas", event_id=event_id, kind="x", subject=event_id, payload={})
    call_command("webhooks", "replay", "--id", id)
    assert PendingJob.objects.filter(arguments__subject=id).count() == 1


@pytest.mark.parametrize(
    "arguments", [[], ["--failed", "--id", "x"], ["--since", "yesterday"], ["--since", "2026-13-01"], ["--id", "none"]]
)
def test_a_replay_of_nothing_is_refused(arguments: list[str]) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("webhooks", "replay", *arguments)
    assert refusal.value.returncode == 1
