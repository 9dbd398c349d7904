"""Ringing as the sandbox does, and working off what rang."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from billing.webhooks import working
from billing.webhooks.models import WebhookEvent
from tests.billing.sandboxes import World

Ring = Callable[..., Any]


@pytest.fixture
def ring() -> Ring:
    """`ring(body, headers)`: POST to the sandbox's address; `gateway="stripe"` to another."""

    def post(body: bytes, headers: dict[str, str] | None = None, *, gateway: str = "sandbox") -> Any:
        client = Client(headers={"host": "localhost"})
        return client.post(f"/webhooks/{gateway}/", data=body, content_type="application/json", headers=headers or {})

    return post


@pytest.fixture
def tell(ring: Ring) -> Callable[..., None]:
    """`tell(sandbox)`: deliver all that happened; `order` picks and repeats by index, `works=False` only delivers."""

    def deliver(world: World, *, order: list[int] | None = None, works: bool = True) -> None:
        events = world.events()
        for index in order if order is not None else range(len(events)):
            _type, body, headers = events[index]
            assert ring(body, headers).status_code == 200
        if works:
            work_off()

    return deliver


def work_off() -> None:
    for gateway, subject in WebhookEvent.objects.order_by("received_at").values_list("gateway", "subject").distinct():
        working.work(gateway, subject)
