"""Speaking with a gateway: silence is GatewayAway, a no is GatewayRefused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from billing.gateways.base import GatewayAway, GatewayRefused
from shared_apps.core import json_api
from shared_apps.core.json_api import Answer, Silent

READ_TRIES = 2  # a question may be asked again at once; an order may not


class Http:
    """`read_error`: (code, what is said to people) of a refusal's body."""

    def __init__(
        self, base: str, headers: Mapping[str, str], *, timeout: float, read_error: Callable[[Any], tuple[str, str]]
    ) -> None:
        self.client = json_api.client(base, headers, timeout=timeout)
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
        if not json_api.is_safe(path):
            raise GatewayRefused("not_found")  # no id of theirs looks like this
        tries = READ_TRIES if method == "GET" else 1
        try:
            answer = json_api.ask(self.client, method, path, params=params, body=body, headers=headers, tries=tries)
        except Silent as error:
            raise GatewayAway(str(error)) from error
        return self._read(answer)

    def _read(self, answer: Answer) -> dict[str, Any]:
        if answer.is_success:
            found: dict[str, Any] = answer.body
            return found
        if answer.status == 404:
            raise GatewayRefused("not_found")
        if answer.status in (400, 401, 402, 403, 409, 422):
            code, said = self.read_error(answer.body)
            raise GatewayRefused(code or f"status_{answer.status}", said)
        raise GatewayAway(f"status {answer.status}")
