"""People at work on acme's clients: `staff` is bob (no archiving), `owner` alice, `outsider` carol, of globex."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context

Api = Callable[[User | None, Organization], APIClient]


@pytest.fixture
def owner(api: Api, acme: Organization, alice: User) -> APIClient:
    return api(alice, acme)


@pytest.fixture
def staff(api: Api, acme: Organization, bob: User) -> APIClient:
    return api(bob, acme)


@pytest.fixture
def outsider(api: Api, acme: Organization, globex: Organization, carol: User) -> APIClient:
    """Carol's good token of globex, on acme's host."""
    carols = api(carol, globex)
    carols.defaults["HTTP_HOST"] = "acme.localhost"
    return carols


@pytest.fixture
def inside(acme: Organization) -> Iterator[AbstractContextManager]:
    """The rest of the test works in acme's schema; requests find their own."""
    with context.enter(acme.schema_name) as active:
        yield active


@pytest.fixture
def no_organization_sees(outsider: APIClient, api: Api, acme: Organization, globex: Organization, carol: User):  # type: ignore[no-untyped-def]
    """Assert that strangers and other organizations get nothing of an address of acme's."""

    def check(method: str, path: str, *, there: int = 404, **kwargs: object) -> None:
        assert getattr(api(None, acme), method)(path, **kwargs).status_code == 401
        assert getattr(outsider, method)(path, **kwargs).status_code == 401
        assert getattr(api(carol, globex), method)(path, **kwargs).status_code == there

    return check
