"""Speaking HTTP with Asaas: its header, its errors, decimals as decimals."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from tenant_apps.finance.providers.base import Away, Refused

TIMEOUT = httpx.Timeout(60.0, connect=5.0)  # seconds; it asks for no less where cards may be charged
SANDBOX = "$aact_hmlg_"
_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Http:
    def __init__(self, key: str) -> None:
        base = settings.ASAAS_SANDBOX_URL if key.startswith(SANDBOX) else settings.ASAAS_URL
        headers = {"access_token": key, "User-Agent": "Colmeia"}
        self.client = {"base_url": base, "headers": headers, "timeout": TIMEOUT}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self._ask("GET", path, params=query)

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("POST", path, body=body)

    def put(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._ask("PUT", path, body=body)

    def delete(self, path: str) -> dict[str, Any]:
        return self._ask("DELETE", path)

    def _ask(
        self, method: str, path: str, *, params: dict[str, Any] | None = None, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        if not all(_ID.fullmatch(part) for part in path.strip("/").split("/")):
            raise Refused(_("The provider gave an identifier that cannot be one."))
        content = None if body is None else json.dumps(body, default=_number)
        headers = {} if content is None else {"Content-Type": "application/json"}
        try:
            with httpx.Client(**self.client) as client:
                answer = client.request(method, path, params=params, content=content, headers=headers)
        except httpx.HTTPError as error:
            raise Away(type(error).__name__) from error
        return _read(answer)


def _number(value: Any) -> float:
    """JSON knows one kind of number; two decimals survive it exactly as they are written."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)


def _read(answer: httpx.Response) -> dict[str, Any]:
    """The body of a success. Raises Refused or Away."""
    try:
        found = json.loads(answer.content, parse_float=Decimal) if answer.content else {}
    except ValueError:
        found = None
    if answer.status_code == 200 and isinstance(found, dict):
        return found
    if answer.status_code == 401:
        raise Refused(_("Asaas does not accept the key. Connect again with a new one."), is_key=True)
    if answer.status_code in {400, 403, 404, 409, 422}:
        raise Refused(_said(found) or _("Asaas refused (%(status)s).") % {"status": answer.status_code})
    raise Away(f"status {answer.status_code}")


def _said(found: Any) -> str:
    """What its first error says, for people."""
    try:
        return " ".join(str(found["errors"][0]["description"]).split())[:300]
    except (KeyError, IndexError, TypeError):
        return ""
