"""Speaking JSON over HTTP with a gateway: decimals stay decimals, silence is GatewayAway, a no is GatewayRefused."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import httpx

from billing.gateways.base import GatewayAway, GatewayRefused

_ID = re.compile(r"[A-Za-z0-9_.-]{1,120}")
READ_TRIES = 2  # a question may be asked again at once; an order may not


@cache
def tls() -> ssl.SSLContext:
    """The certificates that are trusted, read once: reading them takes longer than a call."""
    return httpx.create_ssl_context()


class Http:
    """`read_error`: (code, what is said to people) of a refusal's body."""

    def __init__(
        self, base: str, headers: Mapping[str, str], *, timeout: float, read_error: Callable[[Any], tuple[str, str]]
    ) -> None:
        limit = httpx.Timeout(timeout, connect=5.0)
        self.client: dict[str, Any] = {"base_url": base, "headers": dict(headers), "timeout": limit, "verify": tls()}
        self.read_error = read_error

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._ask("GET", path, params=query)

    def find(self, path: str, **query: Any) -> dict[str, Any] | None:
        """None: there is no such thing."""
        try:
            return self.get(path, **query)
        except GatewayRefused as refusal:
            if refusal.code == "not_found":
                return None
            raise

    def post(self, path: str, body: Mapping[str, Any], *, key: str = "") -> dict[str, Any]:
        return self._ask("POST", path, body=body, headers={"Idempotency-Key": key} if key else {})

    def put(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("PUT", path, body=body)

    def delete(self, path: str) -> dict[str, Any]:
        return self._ask("DELETE", path)

    def _ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        if not all(_ID.fullmatch(part) and part.strip(".") for part in path.strip("/").split("/")):
            raise GatewayRefused("not_found")  # no id of theirs looks like this
        content = None if body is None else json.dumps(body, default=_number)
        sent = {**(headers or {}), **({} if content is None else {"Content-Type": "application/json"})}
        for left in reversed(range(READ_TRIES if method == "GET" else 1)):
            try:
                with httpx.Client(**self.client) as client:
                    return self._read(client.request(method, path, params=params, content=content, headers=sent))
            except httpx.HTTPError as error:
                if not left:
                    raise GatewayAway(type(error).__name__) from error
        raise AssertionError("a try either answers or raises")

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        try:
            found = json.loads(answer.content, parse_float=Decimal) if answer.content else {}
        except ValueError:
            found = None
        if answer.status_code == 200 and isinstance(found, dict):
            return found
        if answer.status_code == 404:
            raise GatewayRefused("not_found")
        if answer.status_code in (400, 401, 402, 403, 409, 422):
            code, said = self.read_error(found)
            raise GatewayRefused(code or f"status_{answer.status_code}", said)
        raise GatewayAway(f"status {answer.status_code}")


def _number(value: Any) -> float:
    """JSON knows one kind of number; two decimals survive it exactly as they are written."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
