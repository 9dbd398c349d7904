"""A streamed body is produced after the middleware has left: each step enters the schema again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

from django.http import StreamingHttpResponse

from shared_apps.tenancy import context
from shared_apps.tenancy.context import Active


def keep_schema(response: StreamingHttpResponse, active: Active) -> None:
    """Have the body's iterator, and its clean-up, run inside `active`. Files that the server sends itself are left."""
    if getattr(response, "file_to_stream", None) is None:
        content: Any = response.streaming_content
        response.streaming_content = _asteps(content, active) if response.is_async else _Steps(content, active)
    response.close = partial(_inside, active, response.close)  # type: ignore[method-assign]


def _inside(active: Active, close: Any) -> None:
    with context.activate(active):
        close()


class _Steps:
    """Not a generator: a token of a ContextVar must not outlive the step that made it."""

    def __init__(self, source: Iterator[bytes], active: Active) -> None:
        self.source, self.active = source, active

    def __iter__(self) -> _Steps:
        return self

    def __next__(self) -> bytes:
        with context.activate(self.active):
            return next(self.source)


async def _asteps(source: AsyncIterator[bytes], active: Active) -> AsyncIterator[bytes]:
    iterator = aiter(source)
    try:
        while True:
            with context.activate(active):
                try:
                    part = await anext(iterator)
                except StopAsyncIteration:
                    return
            yield part
    finally:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            with context.activate(active):
                await close()
