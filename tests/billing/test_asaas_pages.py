"""An owner and Asaas, through our pages: what it refuses, and what it has no page for."""

from __future__ import annotations

import pytest
from django.test import Client

from billing.plans.models import Price
from billing.subscriptions import services
from billing.subscriptions.models import Checkout, Subscription
from shared_apps.organizations.models import Organization
from tests.billing.fakes.fake_asaas import DECLINED
from tests.billing.gateways.worlds import Provider

pytestmark = pytest.mark.usefixtures("empty_cache")
HOME, PLANS = "/settings/billing/", "/settings/billing/plans/"


@pytest.fixture
def trial(acme: Organization, price: Price, asaas: Provider) -> Subscription:
    Organization.objects.filter(pk=acme.pk).update(document="11222333000181")
    made = services.start_trial(acme, price=price, cause="test")
    assert made is not None
    return made


def test_edge_25_declined_at_creation_nothing_is_bought_and_it_may_be_tried_again(
    alices: Client, trial: Subscription, price: Price, asaas: Provider
) -> None:
    asaas.server.declines = True
    refused = alices.post(f"{PLANS}{price.pk}/", {"method": "card"})
    assert refused.status_code == 422
    assert DECLINED in refused.content.decode()
    trial.refresh_from_db()
    assert (trial.status, trial.external_id, asaas.bank.store.all("subscription")) == ("trialing", "", [])
    again = alices.post(f"{PLANS}{price.pk}/", {"method": "card"})
    assert again.status_code == 302
    (bought,) = asaas.bank.store.all("subscription")
    assert (bought["billing_type"], Checkout.objects.get().external_id) == ("CREDIT_CARD", bought["id"])


def test_without_a_document_it_is_said_what_is_missing(
    alices: Client, trial: Subscription, price: Price, acme: Organization
) -> None:
    Organization.objects.filter(pk=acme.pk).update(document="")
    refused = alices.post(f"{PLANS}{price.pk}/", {})
    assert refused.status_code == 422
    assert "CPF or CNPJ is missing" in refused.content.decode()
    assert alices.post(f"{PLANS}{price.pk}/", {"method": "cash"}).status_code == 422
