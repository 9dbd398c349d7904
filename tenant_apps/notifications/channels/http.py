"""Calling a provider. What went wrong says whether trying again is safe: a message must not arrive twice."""

from __future__ import annotations

from typing import Any

import httpx

from tenant_apps.notifications.channels.base import NotDelivered

TIMEOUT = httpx.Timeout(10, connect=5)  # seconds
TOO_MANY = 429


def post(url: str, **options: Any) -> dict[str, Any]:
    """The provider's answer. Raises NotDelivered: final where it refused, and where nobody knows if it took it."""
    return _answer("POST", url, "no answer, it may have been sent", may_repeat=False, **options)


def get(url: str, **options: Any) -> dict[str, Any]:
    """The provider's answer to a question. Raises NotDelivered: final where it refused."""
    return _answer("GET", url, "no answer", may_repeat=True, **options)


def _answer(method: str, url: str, silence: str, *, may_repeat: bool, **options: Any) -> dict[str, Any]:
    try:
        response = httpx.request(method, url, timeout=TIMEOUT, **options)
        answer = response.json() if response.content else {}
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise NotDelivered(f"not reached: {type(error).__name__}", final=False) from error
    except (httpx.HTTPError, ValueError) as error:
        raise NotDelivered(f"{silence}: {type(error).__name__}", final=not may_repeat) from error
    if not isinstance(answer, dict):
        answer = {}
    if response.is_success:
        return answer
    temporary = response.status_code == TOO_MANY or response.is_server_error
    raise NotDelivered(f"{response.status_code}: {_reason(answer)}", final=not temporary)


def _reason(answer: dict[str, Any]) -> str:
    error = answer.get("error")
    return str((error if isinstance(error, dict) else answer).get("message", ""))[:200]
