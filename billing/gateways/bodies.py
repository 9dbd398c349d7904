"""Reading what a webhook brought: any JSON object, so that a database can keep it."""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from billing.gateways.base import Unreadable


def read(body: bytes) -> dict[str, Any]:
    """The body's object. Raises Unreadable.

    PostgreSQL keeps no NUL and no half of a surrogate pair in a text, and JSON knows no infinity.
    """
    try:
        found = json.loads(body, parse_constant=_refuse, parse_float=_finite)
        cleaned = _clean(found)
    except (ValueError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error
    if not isinstance(cleaned, dict):
        raise Unreadable("no object")
    return cleaned


def part(payload: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object at the end of this path; an empty one where there is none."""
    found: Any = payload
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def text(value: Any) -> str:
    """An id as it is, or that of an expanded object; empty for anything else."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else ""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(digits: str) -> float | str:
    number = float(digits)
    return number if math.isfinite(number) else digits


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(name): _clean(one) for name, one in value.items()}
    return [_clean(one) for one in value] if isinstance(value, list) else value
