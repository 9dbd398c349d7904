"""ETags made of a row's version, and the preconditions that go with them (RFC 9110, section 13)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Protocol

from django.http import HttpResponse
from rest_framework.request import Request

from shared_apps.web.api.errors import PreconditionRequired

_TAG = re.compile(r'(?:W/)?"v([0-9]{1,9})"')  # proxies that compress weaken a tag; it still names the version


class HasVersion(Protocol):
    version: int


def etag(thing: HasVersion) -> str:
    return f'"v{thing.version}"'


def expected_versions(request: Request, *, required: bool = True) -> Collection[int] | None:
    """The versions that If-Match accepts; None for any (`*`, or no header where it is not required).

    Raises PreconditionRequired without a header where it is required. A tag we never gave matches nothing.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header and required:
        raise PreconditionRequired
    if not header or header == "*":
        return None
    return {int(version) for version in _TAG.findall(header)}


def is_known(request: Request, thing: HasVersion) -> bool:
    """Whether If-None-Match says that the asker has this version already: answer 304."""
    header = request.headers.get("If-None-Match", "").strip()
    return header == "*" or str(thing.version) in _TAG.findall(header)


def not_modified(thing: HasVersion) -> HttpResponse:
    return HttpResponse(status=304, headers={"ETag": etag(thing)})
