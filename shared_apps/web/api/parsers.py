"""JSON in: orjson, strict. What is ambiguous (a key twice) or without end (depth, size) is refused."""

from __future__ import annotations

import json
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH = 32


class BodyTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = _("The body is too large.")


class JSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise BodyTooLarge
        try:
            value = orjson.loads(body)
            json.loads(body, object_pairs_hook=_unique)  # orjson keeps the last of two equal keys and says nothing
        except orjson.JSONDecodeError as error:
            raise ParseError(_("The body is not valid JSON: %(error)s.") % {"error": error.msg}) from error
        except (ValueError, RecursionError) as error:
            raise ParseError(str(error)) from error
        if _depth(value, MAX_DEPTH):
            return value
        raise ParseError(_("The body is nested too deeply."))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ParseError(_("The body names %(key)s twice.") % {"key": json.dumps(twice[:60])})
    return made


def _depth(value: Any, left: int) -> bool:
    """Whether the value nests at most `left` levels."""
    if not isinstance(value, (dict, list)):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return left > 0 and all(_depth(item, left - 1) for item in inner)
