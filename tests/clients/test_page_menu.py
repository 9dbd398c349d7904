"""The menu is there on every page, whatever the page itself is about."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.factories.clients import ClientFactory, PlaceFactory


@pytest.mark.parametrize("page", ["", "edit/"])
def test_a_clients_page_keeps_the_menu(
    pages: Callable[[User, Organization], Browser], acme: Organization, alice: User, page: str
) -> None:
    with context.enter(acme.schema_name):
        client = PlaceFactory(client=ClientFactory()).client
    html = pages(alice, acme).get(f"/clients/{client.pk}/{page}").content.decode()
    assert html.count('<a href="/clients/" aria-current="page">') == 3  # sidebar, bottom bar, and the menu on a phone
