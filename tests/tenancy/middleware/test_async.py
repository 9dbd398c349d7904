"""Async views that serve two organizations at once, each from its own schema."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

NAMES = {"acme": ["Alice", "Bob"], "globex": ["Carol"]}


@pytest.mark.parametrize("path", ["/amembers/", "/members/"])
@pytest.mark.parametrize(
    "middleware", [[], ["django.middleware.common.CommonMiddleware"], ["tests.tenancy.middleware.sync.SyncOnly"]]
)
def test_two_organizations_at_once(
    acme: Organization, globex: Organization, aclient: AsyncClient, settings: Any, path: str, middleware: list[str]
) -> None:
    settings.MIDDLEWARE = ["shared_apps.tenancy.middleware.SchemaMiddleware", *middleware]

    async def ask(slug: str) -> tuple[str, Any]:
        response = await aclient.get(path, headers={"host": f"{slug}.localhost"})
        return slug, response.json()["names"]

    async def everybody() -> list[tuple[str, Any]]:
        return await asyncio.gather(*[ask(slug) for slug in list(NAMES) * 10])

    with context.activate(None):
        found = async_to_sync(everybody)()
    assert found == list(NAMES.items()) * 10


@pytest.mark.parametrize(("host", "answer"), [("nobody.localhost", 404), ("a b", 400), ("localhost", 200)])
def test_refusals_under_asgi(db: None, aclient: AsyncClient, host: str, answer: int) -> None:
    async def ask() -> int:
        return (await aclient.get("/where/", headers={"host": host})).status_code

    assert async_to_sync(ask)() == answer
