"""JSON out: orjson, UTF-8."""

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer


def _default(value: Any) -> Any:
    return str(value)  # Decimal, lazy translations, UUID subclasses


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else orjson.dumps(data, default=_default, option=orjson.OPT_NON_STR_KEYS)
