"""The one function that says what a status is, as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from billing.gateways.base import GatewayState, InvoiceState
from billing.subscriptions.models import Status
from billing.subscriptions.states import Charge, Facts, next_state
from tests.billing.gateway import PRICE, day


def charge(state: str, month: int = 0, **fields: Any) -> Charge:
    """As `tests.billing.gateway.charge`, once it is stored."""
    starts = day(30 * month)
    owed = state in ("failed", "overdue")
    known = {"due_at": starts, "failed_at": starts if owed else None, "method": "card"}
    return Charge(
        state=InvoiceState(state),
        **{"amount": PRICE, "issued_at": starts, "period_starts_at": starts, "period_ends_at": day(30 * (month + 1))}
        | known
        | fields,
    )


def facts(status: str, gateway: str | None = "running", *charges: Charge, **fields: Any) -> Facts:
    state = GatewayState(gateway) if gateway else None
    return Facts(status=Status(status), created_at=day(0), gateway_state=state, charges=charges, **fields)


PAID, NEXT_FAILED = charge("paid"), charge("failed", 1)
TRIAL = {"trial_ends_at": day(14)}
TABLE = [
    # what is known, on which day, and what follows
    ("a purchase under way", facts("incomplete", None), 0.5, "incomplete", ""),
    ("never finished", facts("incomplete", None), 1.1, "canceled", ""),
    ("its gateway gave up", facts("incomplete", "never"), 0.2, "canceled", ""),
    ("not paid yet", facts("incomplete", "running", charge("open")), 0.5, "incomplete", ""),
    ("a card that was declined", facts("incomplete", "incomplete", charge("failed")), 0.5, "incomplete", ""),
    ("a boleto that may still be known", facts("incomplete", "running", charge("overdue")), 2, "incomplete", ""),
    ("a boleto nobody paid", facts("incomplete", "running", charge("overdue")), 4, "canceled", ""),
    ("paid", facts("incomplete", "running", PAID), 0, "active", ""),
    ("running says nothing", facts("incomplete", "running"), 0.5, "incomplete", ""),
    ("nothing to pay", facts("incomplete", "running", charge("paid", amount=Decimal(0))), 0.5, "active", ""),
    ("under analysis", facts("incomplete", "running", charge("checked")), 0.5, "incomplete", ""),
    ("a trial", facts("trialing", None, **TRIAL), 13, "trialing", ""),
    ("a trial without a card ends", facts("trialing", None, **TRIAL), 14, "suspended", "trial_ended"),
    ("no return", facts("suspended", None, suspended_reason="trial_ended", **TRIAL), 54, "canceled", "trial_ended"),
    ("a trial with a card", facts("trialing", "trialing", **TRIAL), 13, "trialing", ""),
    ("its free invoice is no payment", facts("trialing", "running", charge("paid", amount=Decimal(0)), **TRIAL),
     18, "past_due", ""),
    ("its first charge is on its way", facts("trialing", "running", charge("open", due_at=day(14)), **TRIAL),
     15, "trialing", ""),
    ("its first charge failed", facts("trialing", "past_due", charge("failed", failed_at=day(14)), **TRIAL),
     15, "past_due", ""),
    ("a card refused in a trial", facts("trialing", "running", charge("failed"), **TRIAL), 3, "trialing", ""),
    ("a paid trial", facts("trialing", "running", charge("paid", issued_at=day(14)), **TRIAL), 14, "active", ""),
    ("a late purchase is no payment", facts("suspended", "running", charge("open"), suspended_reason="trial_ended",
     **TRIAL), 16, "suspended", "trial_ended"),
    ("a failed purchase leaves the trial", facts("trialing", "never", **TRIAL), 5, "trialing", ""),
    ("renewed, not charged yet", facts("active", "running", PAID, charge("open", 1)), 30.1, "active", ""),
    ("a charge deleted by hand", facts("active", "running", PAID, charge("void", 1)), 40, "active", ""),
    ("renewal failed", facts("active", "past_due", PAID, NEXT_FAILED), 30, "past_due", ""),
    ("three days on", facts("past_due", "past_due", PAID, NEXT_FAILED), 33, "grace", ""),
    ("ten days on", facts("grace", "past_due", PAID, NEXT_FAILED), 40, "suspended", "unpaid"),
    ("forty days on", facts("suspended", "past_due", PAID, NEXT_FAILED), 70, "canceled", "unpaid"),
    ("nobody looked for two weeks", facts("active", "past_due", PAID, NEXT_FAILED), 45, "suspended", "unpaid"),
    ("the gateway says it without a charge", facts("active", "past_due", PAID, period_starts_at=day(30)),
     30, "past_due", ""),
    ("the gateway has given up", facts("past_due", "unpaid", PAID, NEXT_FAILED), 31, "suspended", "unpaid"),
    ("running again, one still owed", facts("past_due", "running", PAID, NEXT_FAILED), 31, "past_due", ""),
    ("paid at last", facts("suspended", "running", PAID, charge("paid", 1)), 41, "active", ""),
    ("an older one owed, a newer one paid", facts("active", "running", PAID, charge("overdue", 1), charge("paid", 2)),
     31, "past_due", ""),
    ("a due date moved ahead", facts("past_due", "running", PAID, charge("open", 1, due_at=day(50))), 32, "active", ""),
    ("a word we do not know", facts("active", "unknown", PAID, NEXT_FAILED), 45, "active", ""),
    ("paused by the gateway", facts("active", "paused", PAID), 5, "suspended", "paused"),
    ("given back", facts("active", "running", charge("refunded")), 5, "suspended", "refunded"),
    ("an old period given back", facts("active", "running", charge("refunded"), charge("paid", 1)), 35, "active", ""),
    ("disputed", facts("active", "running", charge("disputed")), 5, "suspended", "disputed"),
    ("a dispute won", facts("suspended", "running", PAID, suspended_reason="disputed"), 5, "active", ""),
    ("to end with its period", facts("active", "ending", PAID, cancel_at=day(30)), 29, "active", ""),
    ("ended with its period", facts("active", "ending", PAID, cancel_at=day(30)), 30, "canceled", ""),
    ("ends without a day", facts("active", "ending", PAID), 29, "active", ""),
    ("nothing was ever paid", facts("active", "ending"), 1, "canceled", ""),
    ("the trial ends as asked", facts("trialing", "ending", cancel_at=day(14), **TRIAL), 13.9, "trialing", ""),
    ("the trial has ended as asked", facts("trialing", "ending", cancel_at=day(14), **TRIAL), 14, "canceled", ""),
    ("over at the gateway", facts("active", "canceled", PAID, ended_at=day(3)), 4, "canceled", ""),
    ("over is over", facts("canceled", "running", PAID, charge("paid", 1), ended_at=day(3)), 31, "canceled", ""),
    ("follows another", facts("incomplete", "running", PAID, waits=True), 3, "incomplete", ""),
]  # fmt: skip


@pytest.mark.parametrize(("known", "on", "status", "reason"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_what_follows(known: Facts, on: float, status: str, reason: str) -> None:
    standing = next_state(known, day(on))
    assert (standing.status, standing.suspended_reason) == (status, reason)


@pytest.mark.parametrize("known", [row[1] for row in TABLE], ids=[row[0] for row in TABLE])
@given(on=some.integers(0, 100 * 24), later=some.integers(0, 100 * 24))
def test_the_clock_alone_changes_nothing_before_it_said(known: Facts, on: int, later: int) -> None:
    now = day(on / 24)
    standing = next_state(known, now)
    then = now + timedelta(hours=later)
    if standing.due_at is None or then < standing.due_at:
        again = replace(known, status=standing.status, suspended_reason=standing.suspended_reason,
                        dunning_started_at=standing.dunning_started_at, ended_at=standing.ended_at or known.ended_at,
                        access_until=standing.access_until)  # fmt: skip
        assert next_state(again, then).status == standing.status


def test_grace_waits_for_a_boleto_over_weekend_and_holiday() -> None:
    """Due on Thursday, 2026-11-19; Friday is a holiday: three business days end on Wednesday."""
    due = day(17)
    known = facts("active", "running", PAID, charge("overdue", 1, method="boleto", due_at=due, failed_at=due))
    assert next_state(known, due + timedelta(days=5, hours=23)).status == Status.PAST_DUE
    assert next_state(known, due + timedelta(days=6)).status == Status.GRACE


def test_timers_count_from_the_first_failure() -> None:
    known = facts("active", "past_due", PAID, charge("failed", 1, failed_at=day(31)), charge("failed", 2))
    standing = next_state(known, day(61))
    assert (standing.status, standing.dunning_started_at) == (Status.SUSPENDED, day(31))


def test_access_reaches_as_far_as_what_was_paid() -> None:
    assert next_state(facts("active", "running", PAID), day(1)).access_until == day(30)
    assert next_state(facts("active", "ending", PAID, cancel_at=day(20)), day(1)).access_until == day(20)
    assert next_state(facts("active", "past_due", PAID, NEXT_FAILED), day(31)).access_until == day(40)
