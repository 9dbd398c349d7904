"""A process that dies at any statement, before and after every commit: afterwards it happened once, or not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from billing.invoices.models import Invoice, Payment
from billing.subscriptions.models import Notice, Status, Subscription, SubscriptionTransition
from billing.webhooks import working
from billing.webhooks.models import WebhookEvent
from shared_apps.organizations.models import Organization
from tests.billing.factories import bought
from tests.billing.sandboxes import World
from tests.billing.webhooks.conftest import work_off

pytestmark = pytest.mark.django_db(transaction=True)
State = WebhookEvent.State


class Dead(BaseException):
    """Not an Exception: nothing of ours may catch it."""


@contextmanager
def dying_at(statement: int) -> Iterator[list[int]]:
    """Let so many statements pass; the next is never sent. Yields how many were."""
    passed = [0]

    def step(execute: Callable[..., Any], *arguments: Any) -> Any:
        if passed[0] == statement:
            raise Dead
        passed[0] += 1
        return execute(*arguments)

    with connection.execute_wrapper(step):
        try:
            yield passed
        except Dead:
            passed[0] = -1


def test_a_crash_anywhere_leaves_one_effect(acme: Organization, sandbox: World, tell: Callable[..., None]) -> None:
    subscription = bought(acme, sandbox)
    events = len(sandbox.events())
    statement, ended = 0, False
    while not ended:
        tell(sandbox, works=False)
        with dying_at(statement) as passed:
            work_off()
        ended = passed[0] >= 0
        assert once_or_not_yet(subscription)
        connection.close()  # as a dead process leaves it
        WebhookEvent.objects.filter(state=State.WORKING).update(claimed_at=timezone.now() - working.LEASE)
        work_off()  # the sweep rang again
        assert set(WebhookEvent.objects.values_list("state", flat=True)) == {State.DONE}
        assert WebhookEvent.objects.count() == events
        assert is_done_once(subscription)
        _forget(subscription)
        statement += 3 if statement > 20 else 1
    assert statement > 10


def once_or_not_yet(subscription: Subscription) -> bool:
    """Done events without their effect must not be."""
    done = WebhookEvent.objects.filter(state=State.DONE).exists()
    return is_done_once(subscription) if done else Payment.objects.count() <= 1


def is_done_once(subscription: Subscription) -> bool:
    status = Subscription.objects.values_list("status", flat=True).get(pk=subscription.pk)
    steps = SubscriptionTransition.objects.filter(subscription=subscription, to_status=Status.ACTIVE).count()
    return (status, Payment.objects.count(), Invoice.objects.count(), steps) == (Status.ACTIVE, 1, 1, 1)


def _forget(subscription: Subscription) -> None:
    """Back to where nothing was told yet."""
    WebhookEvent.objects.all().delete()
    Payment.objects.all().delete()
    Invoice.objects.all().delete()
    SubscriptionTransition.objects.all().delete()
    Notice.objects.all().delete()
    Subscription.objects.filter(pk=subscription.pk).update(
        status=Status.INCOMPLETE, gateway="", external_id="", gateway_state="", gateway_status="", synced_at=None,
        period_starts_at=None, period_ends_at=None, access_until=None, due_at=None,
    )  # fmt: skip


def test_a_crash_while_taking_in_keeps_nothing_or_all(acme: Organization, sandbox: World, ring: Any) -> None:
    bought(acme, sandbox)
    _type, body, headers = sandbox.events()[0]
    for statement in range(8):
        with dying_at(statement):
            ring(body, headers)
        connection.close()
        kept = WebhookEvent.objects.count()
        assert ring(body, headers).status_code == 200  # redelivered
        assert WebhookEvent.objects.count() == 1
        assert kept in (0, 1)
        WebhookEvent.objects.all().delete()
