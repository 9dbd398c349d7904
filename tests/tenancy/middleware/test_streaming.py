"""A streamed body is produced after the middleware has left; it still reads its own organization."""

from __future__ import annotations

import asyncio
from typing import Any

from asgiref.sync import async_to_sync
from django.http import FileResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.middleware import SchemaMiddleware
from tests.tenancy.middleware import urls

BODIES = {
    "acme": b"org_acme:Alice\norg_acme:Bob\n",
    "globex": b"org_globex:Carol\n",
}


def streams(client: Client, path: str) -> dict[str, Any]:
    return {slug: client.get(path, headers={"host": f"{slug}.localhost"}) for slug in BODIES}


def test_two_streams_read_in_turns(acme: Organization, globex: Organization, client: Client) -> None:
    responses = streams(client, "/streamed/")
    iterators = {slug: iter(response.streaming_content) for slug, response in responses.items()}
    found = dict.fromkeys(BODIES, b"")
    with context.enter("org_elsewhere"):
        for _ in range(3):
            for slug, parts in iterators.items():
                found[slug] += next(parts, b"")
        assert context.active().schema == "org_elsewhere"
    assert found == BODIES
    for response in responses.values():
        response.close()


def test_a_stream_that_is_left_cleans_up_in_its_schema(acme: Organization, rf: RequestFactory) -> None:
    response: Any = SchemaMiddleware(urls.streamed)(rf.get("/streamed/", headers={"host": "acme.localhost"}))
    assert next(iter(response.streaming_content)) == b"org_acme:Alice\n"
    assert urls.closed == []
    response.close()
    assert urls.closed == ["org_acme"]


def test_a_file_is_left_to_the_server(acme: Organization, rf: RequestFactory) -> None:
    response: Any = SchemaMiddleware(urls.download)(rf.get("/download/", headers={"host": "acme.localhost"}))
    assert isinstance(response, FileResponse)
    assert response.file_to_stream is not None
    assert response.getvalue() == b"whole"
    response.close()


def test_async_streams(acme: Organization, globex: Organization, aclient: AsyncClient) -> None:
    async def body(slug: str) -> bytes:
        response = await aclient.get("/astreamed/", headers={"host": f"{slug}.localhost"})
        assert isinstance(response, StreamingHttpResponse)
        return b"".join([part async for part in response])

    async def both() -> list[bytes]:
        return await asyncio.gather(*[body(slug) for slug in BODIES])

    with context.activate(None):
        assert async_to_sync(both)() == list(BODIES.values())
    assert sorted(urls.closed) == ["org_acme", "org_globex"]
