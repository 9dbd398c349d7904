"""The platform's own host: no organization is active there, and none of its addresses leads into one."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from tests.isolation.conftest import Worlds, client_of, send, told
from tests.isolation.endpoints import Endpoint, endpoints

PLATFORM = endpoints(settings.ROOT_URLCONF)


# What the arguments of the platform's routes stand for: an organization's address, else what is nobody's.
ARGUMENTS = {"slug": "acme", "pk": 1, "key": "none", "uidb36": "none", "provider": "google", "token": "none"}
ARGUMENTS["gateway"] = "sandbox"
ARGUMENTS |= {"object_id": "0198c0de-0000-7000-8000-000000000000", "action": "suspend", "app_label": "accounts"}
ARGUMENTS["place"] = "0198c0de-0000-7000-8000-000000000000"


def test_every_endpoint_can_be_asked_and_names_who_may_come_in() -> None:
    assert {name for endpoint in PLATFORM for name in endpoint.arguments} - set(ARGUMENTS) == set()
    assert [str(endpoint) for endpoint in PLATFORM if endpoint.required is None] == []


@pytest.mark.parametrize("who", ["nobody", "carol"])
def test_shows_and_changes_no_organization(who: str, worlds: Worlds, subtests: pytest.Subtests) -> None:
    """Not to a stranger, nor to the owner of globex who is signed in here and asks about acme."""
    worlds.look_again()
    for endpoint in PLATFORM:
        with subtests.test(str(endpoint)), transaction.atomic():
            cache.clear()
            _ask(endpoint, who, worlds)
            transaction.set_rollback(True)


def _ask(endpoint: Endpoint, who: str, worlds: Worlds) -> None:
    before = worlds.digest()
    client = client_of(worlds.cast.carol, worlds.cast.globex) if who == "carol" else client_of(None, None)
    if who == "carol":
        client.force_login(worlds.cast.carol, backend="allauth.account.auth_backends.AuthenticationBackend")
    response = send(
        client, endpoint, settings.PLATFORM_DOMAIN, about=worlds.acme, user=worlds.cast.carol,
        arguments={name: ARGUMENTS[name] for name in endpoint.arguments}, urlconf=settings.ROOT_URLCONF,
    )  # fmt: skip
    assert response.status_code < 500, response.content[:300]
    herself = {worlds.cast.carol.email, worlds.cast.carol.name}
    assert told(response, worlds.of_acme | worlds.of_globex, sent=herself if who == "carol" else set()) == set()
    assert "Acme Piscinas" not in response.content.decode(errors="replace")
    assert worlds.digest() == before
