"""The catalogue, and the trial it gives to who opens an organization."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from billing.plans import services
from billing.plans.errors import BadCatalogue
from billing.plans.models import Plan, Price
from billing.subscriptions import services as subscribing
from billing.subscriptions.errors import NoTrial, StillCharged
from billing.subscriptions.models import Notice, Status, Subscription, TrialUse
from shared_apps.accounts.models import User
from shared_apps.organizations import lifecycle
from shared_apps.organizations.models import Organization
from shared_apps.organizations.onboarding import open_organization
from tests.billing.gateway import START, day

BAD = ["", "plan = 1", "[[plan]]\ncode = 'x'", "[[plan", "[[plan]]\ncode='x'\nname='X'\nallows={cats=1}\nprices={}"]


@pytest.fixture
def sold(cast: object) -> None:
    services.sync(services.CATALOGUE, now=START)


@pytest.mark.parametrize("text", BAD)
def test_a_catalogue_that_makes_no_sense_changes_nothing(cast: object, tmp_path: Path, text: str) -> None:
    file = tmp_path / "plans.toml"
    file.write_text(text)
    with pytest.raises(BadCatalogue):
        services.sync(file, now=START)
    assert not Plan.objects.exists()


def test_the_catalogue_loads_once(sold: None) -> None:
    assert list(Plan.objects.values_list("name", flat=True)) == ["Essencial", "Pro", "Equipe"]
    assert Price.objects.count() == 12
    again = services.sync(services.CATALOGUE, now=START)
    assert (again.plans, again.prices, again.retired) == (0, 0, 0)


def test_another_amount_is_another_price(sold: None, tmp_path: Path, acme: Organization) -> None:
    old = Price.objects.get(plan__code="pro", interval="month", currency="BRL")
    theirs = Subscription.objects.create(organization=acme, price=old, status=Status.ACTIVE)
    file = tmp_path / "plans.toml"
    file.write_text(services.CATALOGUE.read_text().replace('"149.00"', '"159.00"'))
    done = services.sync(file, now=day(1))
    assert (done.prices, done.retired) == (1, 1)
    old.refresh_from_db()
    theirs.refresh_from_db()
    assert (old.retired_at, old.amount, theirs.price_id) == (day(1), old.amount, old.pk)


def test_the_command_says_what_it_did(cast: object, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("plans", "sync", stdout=out)
    assert "New plans: 3. New prices: 12." in out.getvalue()
    call_command("plans", "list", stdout=out)
    assert "Essencial" in out.getvalue()
    with pytest.raises(SystemExit):
        call_command("plans", "sync", "--file", str(tmp_path / "none"), stdout=out, stderr=io.StringIO())


def test_whoever_opens_an_organization_has_a_trial(sold: None, dave: User) -> None:
    made = open_organization(slug="initech", name="Initech", owner=dave, document="16.727.230/0001-97")
    trial = Subscription.objects.get(organization=made)
    assert (trial.status, trial.price.plan.code, trial.gateway) == ("trialing", "pro", "")
    assert trial.trial_ends_at == trial.created_at + timedelta(days=14)
    assert TrialUse.objects.count() == 2
    assert subscribing.start_trial(made, cause="again") == trial


def test_a_demo_and_a_platform_without_plans_have_none(sold: None, dave: User) -> None:
    demo = open_organization(slug="show", name="Show", owner=dave, is_demo=True)
    assert not Subscription.objects.filter(organization=demo).exists()


def test_edge_33_a_trial_without_a_card_ends(acme: Organization, price: Price) -> None:
    trial = subscribing.start_trial(acme, price=price, cause="test", now=START)
    assert trial is not None
    subscribing.tick(trial.pk, now=day(14))
    trial.refresh_from_db()
    assert (trial.status, trial.suspended_reason) == ("suspended", "trial_ended")


def test_edge_34_a_short_trial_is_reminded_of_once(acme: Organization, price: Price) -> None:
    Price.objects.filter(pk=price.pk).update(trial_days=2)
    price.refresh_from_db()
    trial = subscribing.start_trial(acme, price=price, cause="test", now=START)
    assert trial is not None
    for hour in range(5):
        subscribing.tick(trial.pk, now=START + timedelta(hours=hour))
    assert Notice.objects.filter(step="trial_ending").count() == 1


def test_edge_35_a_second_trial_is_refused(acme: Organization, globex: Organization, price: Price) -> None:
    Organization.objects.filter(pk=acme.pk).update(document="16727230000197")
    acme.refresh_from_db()
    first = subscribing.start_trial(acme, price=price, cause="test", now=START)
    assert first is not None
    assert first.status == "trialing"
    Subscription.objects.all().delete()
    Organization.objects.filter(pk=acme.pk).update(document="")
    globex.document = "16727230000197"
    second = subscribing.start_trial(globex, price=price, cause="test", now=day(1))
    assert second is not None
    assert (second.status, second.suspended_reason) == ("suspended", "trial_ended")


def test_edge_35_also_when_the_tax_id_is_told_later(acme: Organization, globex: Organization, price: Price) -> None:
    acme.document = globex.document = "16727230000197"
    subscribing.start_trial(acme, price=price, cause="test", now=START)
    without = Organization.objects.get(pk=globex.pk)
    trial = subscribing.start_trial(without, price=price, cause="test", now=START)
    assert trial is not None
    assert trial.status == "trialing"
    subscribing.document_given(globex, now=day(1))
    trial.refresh_from_db()
    assert trial.status == "suspended"


def test_a_trial_is_made_longer_by_hand(acme: Organization, price: Price, alice: User) -> None:
    trial = subscribing.start_trial(acme, price=price, cause="test", now=START)
    assert trial is not None
    subscribing.tick(trial.pk, now=day(15))
    again = subscribing.extend_trial(trial, days=7, reason="asked by phone", by=alice, now=day(15))
    assert (again.status, again.trial_ends_at) == ("trialing", day(22))
    assert trial.transitions.last().by == alice


def test_only_a_trial_is_made_longer(subscribed: Callable[..., Subscription]) -> None:
    with pytest.raises(NoTrial):
        subscribing.extend_trial(subscribed(), days=7, reason="no", by=None)


def test_edge_49_a_clock_that_stood_still_for_a_week(acme: Organization, price: Price) -> None:
    trial = subscribing.start_trial(acme, price=price, cause="test", now=START)
    for _twice in range(2):
        subscribing.tick_due(now=day(21))
    trial.refresh_from_db()  # type: ignore[union-attr]
    assert trial is not None
    assert trial.status == "suspended"
    assert list(Notice.objects.values_list("step", flat=True)) == ["suspended"]


def test_an_organization_that_is_still_charged_is_not_deleted(acme: Organization, subscribed: Any) -> None:
    ours = subscribed(status=Status.ACTIVE, gateway_state="running")
    lifecycle.request_deletion(acme, cause="test")
    ours.refresh_from_db()
    assert ours.status == "canceled"
    with pytest.raises(StillCharged):
        lifecycle.delete_now(acme)
    Subscription.objects.filter(pk=ours.pk).update(gateway_state="canceled")
    lifecycle.delete_now(acme)
    assert not Organization.objects.filter(pk=acme.pk).exists()
