"""Every endpoint of an organization, attacked by everybody who must not get through, and used by those who may."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from tests.isolation import attacks
from tests.isolation.attacks import Attack
from tests.isolation.conftest import Worlds
from tests.isolation.endpoints import Endpoint, endpoints
from tests.isolation.rows import ROWS, uncovered

ALL = endpoints(settings.TENANT_URLCONF)
PLATFORM = set(map(str, endpoints(settings.ROOT_URLCONF)))
# Through a pooler, where what differs is below any endpoint, every fifth is attacked once more: see there.
ENDPOINTS = ALL[:: int(os.environ.get("ISOLATION_EVERY", "1"))]


def test_every_endpoint_has_a_row() -> None:
    assert uncovered(ALL) == []


def test_every_row_has_an_endpoint() -> None:
    assert set(ROWS) - set(map(str, ALL)) == set()


def test_every_endpoint_names_its_permission() -> None:
    assert [str(endpoint) for endpoint in ALL if endpoint.required is None] == []


def attacks_on(endpoint: Endpoint) -> Iterator[Attack]:
    yield attacks.reaches_real_data
    yield attacks.strangers_learn_and_change_nothing
    if endpoint.arguments:
        yield attacks.anothers_objects_do_not_exist_here
    if not endpoint.is_public:
        yield attacks.each_role_gets_what_the_table_says
        yield attacks.its_owner_finds_it_closed
        if not endpoint.is_safe:
            yield attacks.anothers_objects_in_a_body_lead_nowhere
    if str(endpoint) not in PLATFORM:
        yield attacks.leads_nowhere_on_other_hosts


def sections() -> dict[str, list[Endpoint]]:
    """The endpoints by what their addresses begin with: those of one share two planted worlds."""
    found: dict[str, list[Endpoint]] = {}
    for endpoint in ENDPOINTS:
        parts = endpoint.route.split("/")
        found.setdefault("/".join(parts[: 3 if parts[0] == "api" else 1]), []).append(endpoint)
    return found


@pytest.mark.parametrize("section", sections())
def test_endpoints(section: str, worlds: Worlds, known_routes: Callable[[], None], subtests: pytest.Subtests) -> None:
    """Each attack begins at the same two planted worlds: what the one before did is undone."""
    cast = worlds.cast
    worlds.sign_in(
        (cast.alice, cast.acme), (cast.bob, cast.acme), (cast.carol, cast.globex), (cast.dave, cast.globex),
        (cast.dave, cast.acme),
    )  # fmt: skip
    for endpoint in sections()[section]:
        worlds.look_again()
        for attack in attacks_on(endpoint):
            with subtests.test(f"{endpoint} {attack.__name__}"), transaction.atomic():
                cache.clear()
                known_routes()
                attack(endpoint, worlds)
                transaction.set_rollback(True)
