"""A thing is asked of a gateway once, however often it is tried."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from billing.gateways import intents
from billing.gateways.base import GatewayAway
from billing.gateways.models import OutboundIntent

pytestmark = pytest.mark.django_db


def ask(calls: list[str], request: Any = "pro", answer: Any = "sub_1", key: str = "subscribe:1") -> Any:
    def call(key: str) -> Any:
        assert OutboundIntent.objects.filter(key=key).exists()  # stored before it is used
        calls.append(key)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return intents.once(key, gateway="sandbox", purpose="subscribe", request=request, call=call)


def test_the_second_time_gets_the_first_answer() -> None:
    calls: list[str] = []
    assert ask(calls) == ask(calls, answer="sub_2") == "sub_1"
    assert calls == ["subscribe:1"]


def test_nothing_is_an_answer_too() -> None:
    calls: list[str] = []
    assert ask(calls, answer=None) is ask(calls, answer=None) is None
    assert len(calls) == 1


def test_the_same_key_for_another_request_is_refused() -> None:
    calls: list[str] = []
    ask(calls, request={"amount": Decimal("1.00")})
    with pytest.raises(intents.KeyReused):
        ask(calls, request={"amount": Decimal("2.00")})
    assert len(calls) == 1


def test_after_a_lost_answer_it_is_tried_with_the_same_key() -> None:
    calls: list[str] = []
    with pytest.raises(GatewayAway):
        ask(calls, answer=GatewayAway("timeout"))
    assert ask(calls) == "sub_1"
    assert calls == ["subscribe:1", "subscribe:1"]
