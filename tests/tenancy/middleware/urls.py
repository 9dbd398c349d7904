"""Views to look at what a request finds, on both kinds of host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from io import BytesIO

from asgiref.sync import sync_to_async
from django.http import FileResponse, HttpRequest, JsonResponse, StreamingHttpResponse
from django.urls import path

from shared_apps.tenancy import context
from tenant_apps.team.models import Member

closed: list[str] = []


def names() -> list[str]:
    return sorted(Member.objects.values_list("name", flat=True))


def where(request: HttpRequest) -> JsonResponse:
    route = request.route  # type: ignore[attr-defined]
    return JsonResponse({"schema": context.active().schema, "slug": route.slug if route else None})


def members(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"names": names()})


async def amembers(request: HttpRequest) -> JsonResponse:
    """Async ORM, sync ORM in the shared thread and in a thread of its own, with pauses for others to come between."""
    await asyncio.sleep(0.01)
    asynchronous = sorted([member.name async for member in Member.objects.all()])
    await asyncio.sleep(0.01)
    shared = await sync_to_async(names)()
    await asyncio.sleep(0.01)
    own = await sync_to_async(names, thread_sensitive=True)()
    return JsonResponse({"names": asynchronous if asynchronous == shared == own else [asynchronous, shared, own]})


def streamed(request: HttpRequest) -> StreamingHttpResponse:
    def rows() -> Iterator[str]:
        try:
            for name in names():
                yield f"{context.active().schema}:{name}\n"
                assert Member.objects.filter(name=name).exists()
        finally:
            closed.append(context.active().schema)

    return StreamingHttpResponse(rows())


def astreamed(request: HttpRequest) -> StreamingHttpResponse:
    async def rows() -> AsyncIterator[str]:
        try:
            async for member in Member.objects.order_by("name"):
                await asyncio.sleep(0.01)
                yield f"{context.active().schema}:{member.name}\n"
        finally:
            closed.append(context.active().schema)

    return StreamingHttpResponse(rows())


def download(request: HttpRequest) -> FileResponse:
    return FileResponse(BytesIO(b"whole"))


def crash(request: HttpRequest) -> JsonResponse:
    raise LookupError


urlpatterns = [
    path("where/", where),
    path("members/", members),
    path("amembers/", amembers),
    path("streamed/", streamed),
    path("astreamed/", astreamed),
    path("download/", download),
    path("crash/", crash),
    path("api/v1/where/", where),
]
