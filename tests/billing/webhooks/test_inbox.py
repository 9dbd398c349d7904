"""What is kept, what is refused, and that nothing else is done before the answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from billing.gateways import signatures
from billing.invoices.models import Payment
from billing.subscriptions.models import Status
from billing.webhooks.inbox import LIMIT
from billing.webhooks.models import WebhookEvent
from shared_apps.organizations.models import Organization
from shared_apps.tenancy.models import PendingJob
from tests.billing.factories import bought
from tests.billing.sandboxes import SECRET, World
from tests.billing.webhooks.conftest import Ring, work_off

pytestmark = pytest.mark.django_db
State = WebhookEvent.State


def signed(payload: Any) -> tuple[bytes, dict[str, str]]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return body, {"Sandbox-Signature": signatures.sign(body, SECRET, at=int(time.time()))}


def an_event(id: str = "evt_1", type: str = "invoice.paid", **about: str) -> dict[str, Any]:
    thing = {"id": "inv_1", "kind": "invoice", "subscription": "sub_unknown", **about}
    return {"id": id, "type": type, "created": "2026-11-28T12:00:00+00:00", "data": {"object": thing}}


def test_it_is_kept_promised_and_answered_200(sandbox: World, ring: Ring) -> None:
    answer = ring(*signed(an_event()))
    assert (answer.status_code, answer.content) == (200, b"")
    kept = WebhookEvent.objects.get()
    assert (kept.event_id, kept.kind, kept.state, kept.subject) == (
        "evt_1",
        "invoice.paid",
        State.PENDING,
        "sub_unknown",
    )
    assert PendingJob.objects.filter(name="webhooks.work").count() == 1
    assert "set-cookie" not in answer.headers


def test_edge_01_the_same_event_minutes_apart(
    acme: Organization, sandbox: World, ring: Ring, tell: Callable[..., None]
) -> None:
    subscription = bought(acme, sandbox)
    tell(sandbox)
    before = Payment.objects.count(), subscription.transitions.count(), subscription.notices.count()
    tell(sandbox)
    subscription.refresh_from_db()
    assert subscription.status == Status.ACTIVE
    assert (Payment.objects.count(), subscription.transitions.count(), subscription.notices.count()) == before
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("header", ["", "t=1,v1=00", "x" * 5000, "t=1,v1=" + "0" * 64])
def test_edge_14_a_forgery_leaves_nothing(sandbox: World, ring: Ring, header: str) -> None:
    body, _headers = signed(an_event())
    assert ring(body, {"Sandbox-Signature": header} if header else {}).status_code == 401
    assert not WebhookEvent.objects.exists()


def test_a_forgery_is_refused_without_a_cache_too(sandbox: World, ring: Ring, settings: Any) -> None:
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}}
    assert ring(json.dumps(an_event("evt_1")).encode(), {"Sandbox-Signature": "t=1,v1=00"}).status_code == 401


def test_a_signature_of_another_body_is_a_forgery(sandbox: World, ring: Ring) -> None:
    _body, headers = signed(an_event())
    assert ring(json.dumps(an_event("evt_2")).encode(), headers).status_code == 401


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 50_000, b"{}", b'{"id": 1}', b'{"id": "x", "type": "y", "data": null}',
     b'{"id":"","type":"x","created":"2026-11-28T12:00:00+00:00","data":{"object":{"id":"i","kind":"invoice"}}}',
     b'{"id":"x","type":"x","created":"2026-11-28T12:00:00","data":{"object":{"id":"i","kind":"invoice"}}}'],
)  # fmt: skip
def test_edge_15_genuine_and_senseless(sandbox: World, ring: Ring, body: bytes) -> None:
    assert ring(*signed(body)).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_edge_18_more_than_we_know_is_kept(sandbox: World, ring: Ring) -> None:
    strange = an_event(type="payout.\x00created" + "x" * 200, kind="payout") | {"new": {"deep": [None, "\x00", 1e300]}}
    assert ring(*signed(strange)).status_code == 200
    assert WebhookEvent.objects.get().state == State.IGNORED


@pytest.mark.parametrize("gateway", ["stripe", "asaas", "nobody", "mercado-pago"])
def test_a_gateway_without_keys_has_no_address(sandbox: World, ring: Ring, gateway: str) -> None:
    assert ring(*signed(an_event()), gateway=gateway).status_code == 404


def test_without_its_secret_the_address_is_gone(sandbox: World, ring: Ring, settings: Any) -> None:
    settings.SANDBOX_SECRET = ""
    assert ring(*signed(an_event())).status_code == 404


def test_too_long_is_refused_before_it_is_read(sandbox: World, ring: Ring) -> None:
    body, headers = signed(an_event(padding="x" * LIMIT))
    assert ring(body, headers).status_code == 413
    fits = an_event()
    fits["padding"] = "x" * (LIMIT - len(json.dumps(fits)) - 16)
    body, headers = signed(fits)
    assert len(body) <= LIMIT
    assert ring(body, headers).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "delete", "options"])
def test_only_post_is_answered(sandbox: World, method: str) -> None:
    client = Client(headers={"host": "localhost"})
    assert getattr(client, method)("/webhooks/sandbox/").status_code == 405


def test_no_token_of_a_form_is_asked_for(sandbox: World) -> None:
    body, headers = signed(an_event())
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    answer = client.post("/webhooks/sandbox/", data=body, content_type="application/json", headers=headers)
    assert answer.status_code == 200


def test_an_organizations_host_takes_none(sandbox: World, acme: Organization) -> None:
    body, headers = signed(an_event())
    client = Client(headers={"host": f"{acme.slug}.localhost"})
    answer = client.post("/webhooks/sandbox/", data=body, content_type="application/json", headers=headers)
    assert answer.status_code in (404, 403, 302)
    assert not WebhookEvent.objects.exists()


def test_edge_10_the_gateway_is_away_while_it_rings(acme: Organization, sandbox: World, ring: Ring) -> None:
    bought(acme, sandbox)
    events = sandbox.events()
    sandbox.sandbox.is_away = True
    assert {ring(body, headers).status_code for _type, body, headers in events} == {200}
    work_off()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {State.FAILED}
    sandbox.sandbox.is_away = False
    WebhookEvent.objects.update(next_try_at="2020-01-01T00:00Z")
    work_off()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {State.DONE}
    assert Payment.objects.count() == 1


def test_edge_11_the_answer_is_exactly_200(sandbox: World, ring: Ring) -> None:
    assert [ring(*signed(an_event())).status_code for _again in range(2)] == [200, 200]


def test_edge_17_an_event_of_another_application(sandbox: World, ring: Ring) -> None:
    assert ring(*signed(an_event(reference="not-ours", customer="cus_x", subscription=""))).status_code == 200
    work_off()
    kept = WebhookEvent.objects.get()
    assert (kept.state, kept.effect, kept.organization_id) == (State.IGNORED, "not ours", None)
