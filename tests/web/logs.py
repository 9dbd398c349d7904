"""What the process would print: our formatter on a stream of the test's own, at every level."""

from __future__ import annotations

import io
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

import orjson
from django.conf import settings

from config.logging import configure


class Lines:
    """Everything that was logged, as text and as the JSON objects it is made of."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter([orjson.loads(line) for line in self.text.splitlines()])

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self if line["event"] == event]


@contextmanager
def logged(level: str = "DEBUG") -> Iterator[Lines]:
    """Log as in production inside the block, to a buffer."""
    lines = Lines()
    before = logging.getLogger().handlers[:]
    logging.config.dictConfig(configure(level=level, style="json"))
    try:
        with redirect_stdout(lines.stream):
            yield lines
    finally:
        logging.config.dictConfig(settings.LOGGING)
        logging.getLogger().handlers = before  # pytest's own among them
