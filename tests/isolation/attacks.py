"""What everybody must not get through, and those who may do get, at one endpoint of an organization.

Each is a function of an endpoint and the planted worlds; test_urls.py calls every one that applies for every endpoint.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import transaction

from shared_apps.organizations.models import Organization, Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission, SignedIn
from shared_apps.tenancy import context, routing
from tenant_apps.team.models import Member
from tests.isolation.conftest import Worlds, client_of, send, told
from tests.isolation.endpoints import Endpoint
from tests.isolation.rows import Row, arguments_of, path_of, row_of

Attack = Callable[[Endpoint, Worlds], None]
CLOSED = ("suspended", "archived", "deleting")


def the_row_of(endpoint: Endpoint) -> Row:
    row = row_of(endpoint)
    assert row is not None, f"say in tests/isolation/rows/ how to reach the data behind {endpoint}"
    return row


def reaches_real_data(endpoint: Endpoint, worlds: Worlds) -> None:
    """The owner gets through: what the others are refused below is really there. And only acme is touched by it."""
    row, alice = the_row_of(endpoint), worlds.cast.alice
    client = worlds.client_of(alice, worlds.cast.acme)
    row.prepare(client, alice, worlds.acme.organization)
    with context.enter(worlds.acme.schema):
        row.before(worlds.acme)
    before = worlds.digest()
    response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=alice)
    after = worlds.digest()
    assert response.status_code in row.answers, response.content[:500]
    assert after[worlds.globex.schema] == before[worlds.globex.schema]
    assert (after[worlds.acme.schema] != before[worlds.acme.schema]) == (row.changes and not endpoint.is_safe)
    assert told(response, worlds.of_globex) == set()
    if endpoint.is_safe and row.shows:
        assert told(response, worlds.of_acme) != set()


def strangers_learn_and_change_nothing(endpoint: Endpoint, worlds: Worlds) -> None:
    """One after another, each asking for the same and for its OPTIONS; the rows are looked at when all have tried."""
    row, cast = the_row_of(endpoint), worlds.cast
    with context.enter(worlds.acme.schema):
        row.before(worlds.acme)
    strangers = {
        "nobody": (cast.dave, client_of(None, None)),
        "outsider": (cast.dave, worlds.client_of(cast.dave, cast.globex)),
        "owner of globex": (cast.carol, worlds.client_of(cast.carol, cast.globex)),
        "outsider with a token for acme": (
            cast.dave,
            worlds.client_of(cast.dave, cast.acme),
        ),  # rightly signed, no member
    }
    for who in ("outsider", "owner of globex"):
        row.prepare(strangers[who][1], strangers[who][0], cast.globex)
    before = worlds.digest()
    for who, (user, client) in strangers.items():
        response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=user)
        if endpoint.is_public:
            assert response.status_code in {*row.as_stranger, *(row.answers if endpoint.is_safe else ())}, who
        elif endpoint.is_page:
            assert response.status_code == 302, who
            assert response["Location"].startswith("/sign-in/"), who
        else:
            assert response.status_code == 401, who
        assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set(), who
        options = Endpoint("options", endpoint.route, endpoint.arguments, endpoint.required, endpoint.view)
        arguments = arguments_of(endpoint, worlds.acme)
        response = send(client, options, worlds.acme.host, about=worlds.acme, user=user, arguments=arguments)
        to_sign_in = endpoint.is_page and response.headers.get("Location", "").startswith("/sign-in/")
        assert to_sign_in or response.status_code in {200, 204, 401, 403, 405}, who
        assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set(), who
    assert worlds.digest() == before


def anothers_objects_do_not_exist_here(endpoint: Endpoint, worlds: Worlds) -> None:
    """Carol, at home in globex, with the identifiers of acme's objects: all of them, then each one among her own."""
    carol, row = worlds.cast.carol, the_row_of(endpoint)
    theirs, ours = arguments_of(endpoint, worlds.acme), arguments_of(endpoint, worlds.globex)
    tried = [theirs] + [{**ours, name: theirs[name]} for name in theirs if len(theirs) > 1]
    for world in (worlds.acme, worlds.globex):
        with context.enter(world.schema):
            row.before(world)
    before = worlds.digest()
    for arguments in tried:
        if arguments == ours:
            continue  # an argument that is no identifier: the key of a field, say
        response = send(
            worlds.client_of(carol, worlds.cast.globex),
            endpoint,
            worlds.globex.host,
            about=worlds.globex,
            user=carol,
            arguments=arguments,
        )
        assert response.status_code == 404, (arguments, response.content[:300])
        assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set(), arguments
    assert worlds.digest() == before


def anothers_objects_in_a_body_lead_nowhere(endpoint: Endpoint, worlds: Worlds) -> None:
    """Carol's own address, but a body that names what is acme's: whatever it gets, acme is not touched."""
    carol, row = worlds.cast.carol, the_row_of(endpoint)
    with context.enter(worlds.globex.schema):
        row.before(worlds.globex)
    before = worlds.digest()[worlds.acme.schema]
    response = send(
        worlds.client_of(carol, worlds.cast.globex),
        endpoint,
        worlds.globex.host,
        about=worlds.acme,
        user=carol,
        arguments=arguments_of(endpoint, worlds.globex),
    )
    assert response.status_code < 500
    assert worlds.digest()[worlds.acme.schema] == before


def each_role_gets_what_the_table_says(endpoint: Endpoint, worlds: Worlds) -> None:
    """Allowed: it answers. Refused: 403, and not a row in any table is different."""
    row, bob, required = the_row_of(endpoint), worlds.cast.bob, endpoint.required
    with context.enter(worlds.acme.schema):
        row.before(worlds.acme)
    before = worlds.digest()
    for role in Role:
        with transaction.atomic():
            with context.enter(worlds.acme.schema):
                Member.objects.filter(user_id=bob.pk).update(role=role)
            as_role = worlds.digest()
            client = worlds.client_of(bob, worlds.cast.acme)
            response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=bob)
            allowed = required is SignedIn or required in ROLE_PERMISSIONS[role]
            if allowed:
                assert response.status_code in row.answers, (role, response.content[:300])
            else:
                assert isinstance(required, Permission)
                assert response.status_code == 403, (role, response.content[:300])
                assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set()
                assert worlds.digest() == as_role
            transaction.set_rollback(True)
    assert worlds.digest() == before


def its_owner_finds_it_closed(endpoint: Endpoint, worlds: Worlds) -> None:
    """An organization that is not served: nobody gets in, whatever they hold."""
    client = worlds.client_of(worlds.cast.alice, worlds.cast.acme)
    before = worlds.digest()
    for status in CLOSED:
        Organization.objects.filter(pk=worlds.cast.acme.pk).update(status=status)
        routing.forget(hosts=[worlds.acme.host], schema=worlds.acme.schema)
        response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=worlds.cast.alice)
        assert response.status_code in {403, 404, 410, 423, 503}, status
        assert response["Content-Type"].startswith("text/html" if endpoint.is_page else "application/problem+json")
        assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set(), status
    assert worlds.digest() == before


def leads_nowhere_on_other_hosts(endpoint: Endpoint, worlds: Worlds) -> None:
    client = worlds.client_of(worlds.cast.alice, worlds.cast.acme)
    before = worlds.digest()
    path = path_of(endpoint, arguments_of(endpoint, worlds.acme), urlconf=settings.TENANT_URLCONF)
    for host in (settings.PLATFORM_DOMAIN, "unknown.localhost", "www.localhost"):
        response = client.generic(endpoint.method.upper(), path, headers={"host": host})
        assert response.status_code == 404, host
        assert told(response, worlds.of_acme, sent=_sent(endpoint, worlds)) == set(), host
    assert worlds.digest() == before


def _sent(endpoint: Endpoint, worlds: Worlds) -> set[str]:
    """What the asker named and an answer may repeat (`instance` is the path that was asked for)."""
    return {str(value) for value in arguments_of(endpoint, worlds.acme).values()}
