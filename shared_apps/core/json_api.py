"""Asking another's JSON API: decimals stay decimals both ways, and silence is told from a no."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import httpx

_ID = re.compile(r"[A-Za-z0-9_.-]{1,120}")


class Silent(Exception):
    """It did not answer. What was asked may have happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`body`: the JSON of it, {} where there is none, None where it is no JSON."""

    status: int
    body: Any

    @property
    def is_success(self) -> bool:
        return self.status == 200 and isinstance(self.body, dict)


@cache
def tls() -> ssl.SSLContext:
    """The certificates that are trusted, read once: reading them takes longer than a call."""
    return httpx.create_ssl_context()


def client(base: str, headers: Mapping[str, str], *, timeout: float) -> dict[str, Any]:
    """What `ask` opens a connection with; `timeout` in seconds for the answer."""
    limit = httpx.Timeout(timeout, connect=5.0)
    return {"base_url": base, "headers": dict(headers), "timeout": limit, "verify": tls()}


def is_safe(path: str) -> bool:
    """Whether each part of a path can be a name or an id, so that an id leads to nothing else."""
    return all(_ID.fullmatch(part) and part.strip(".") for part in path.strip("/").split("/"))


def ask(
    client: Mapping[str, Any],
    method: str,
    path: str,
    *,
    params: Mapping[str, Any] | None = None,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    tries: int = 1,
) -> Answer:
    """Raises Silent after so many tries."""
    content = None if body is None else json.dumps(body, default=_number)
    sent = {**(headers or {}), **({} if content is None else {"Content-Type": "application/json"})}
    for left in reversed(range(tries)):
        try:
            with httpx.Client(**client) as connection:
                answer = connection.request(method, path, params=params, content=content, headers=sent)
            return Answer(answer.status_code, _read(answer.content))
        except httpx.HTTPError as error:
            if not left:
                raise Silent(type(error).__name__) from error
    raise ValueError("tries")


def _read(content: bytes) -> Any:
    try:
        return json.loads(content, parse_float=Decimal) if content else {}
    except ValueError:
        return None


def _number(value: Any) -> float:
    """JSON knows one kind of number; two decimals survive it exactly as they are written."""
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(type(value).__name__)
