"""Speaking HTTP with Asaas: its header and its errors."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shared_apps.core import json_api
from shared_apps.core.json_api import Answer, Silent
from tenant_apps.finance.providers.base import Away, Refused

TIMEOUT = 60.0  # seconds; it asks for no less where cards may be charged
SANDBOX = "$aact_hmlg_"


class Http:
    def __init__(self, key: str) -> None:
        base = settings.ASAAS_SANDBOX_URL if key.startswith(SANDBOX) else settings.ASAAS_URL
        headers = {"access_token": key, "User-Agent": "Colmeia"}
        self.client = json_api.client(base, headers, timeout=TIMEOUT)

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
        if not json_api.is_safe(path):
            raise Refused(_("The provider gave an identifier that cannot be one."))
        try:
            return _read(json_api.ask(self.client, method, path, params=params, body=body))
        except Silent as error:
            raise Away(str(error)) from error


def _read(answer: Answer) -> dict[str, Any]:
    """The body of a success. Raises Refused or Away."""
    if answer.is_success:
        found: dict[str, Any] = answer.body
        return found
    if answer.status == 401:
        raise Refused(_("Asaas does not accept the key. Connect again with a new one."), is_key=True)
    if answer.status in {400, 403, 404, 409, 422}:
        raise Refused(_said(answer.body) or _("Asaas refused (%(status)s).") % {"status": answer.status})
    raise Away(f"status {answer.status}")


def _said(found: Any) -> str:
    """What its first error says, for people."""
    try:
        return " ".join(str(found["errors"][0]["description"]).split())[:300]
    except (KeyError, IndexError, TypeError):
        return ""
