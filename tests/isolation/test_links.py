"""A page offers nobody what is refused to them: every link, form and htmx address on every page, for each role.

Pages are found through the resolver and reached as the other tests of this suite reach them, so a new page is walked as
soon as it has a row. A link is followed; of what would change something only the permission of its target is asked.
"""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from rest_framework.test import APIClient

from shared_apps.organizations.models import Membership, Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Public, SignedIn
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tests.isolation.conftest import Worlds, client_of, send
from tests.isolation.endpoints import Endpoint, endpoints
from tests.isolation.rows import row_of

ENDPOINTS = endpoints(settings.TENANT_URLCONF)
PAGES = [
    endpoint for endpoint in ENDPOINTS if endpoint.is_page and endpoint.is_safe and endpoint.required is not Public
]
ASKING = {"hx-get": "get", "hx-post": "post", "hx-put": "put", "hx-patch": "patch", "hx-delete": "delete"}
NOT_OURS = ("/static/", "/media/")
Offer = tuple[str, str]  # method, path

_followed: set[tuple[str, str]] = set()  # (role, path) that answered: the sidebar is on every page


class Offers(HTMLParser):
    """Collects what an answer's HTML lets somebody ask for. `at` is the path it came from."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self.at = at
        self.found: set[Offer] = set()
        self.form: Offer = ("get", "")  # where the open form goes

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = (given.get("method", "get").lower(), given.get("action", ""))
            if "action" in given:
                self.add(*self.form)
        submits = given.get("type", "submit" if tag == "button" else "") == "submit"
        if "formaction" in given:
            self.add(given.get("formmethod", self.form[0]).lower(), given["formaction"])
        elif submits and "form" not in given:
            self.add(*self.form)
        if tag == "a" and "href" in given:
            self.add("get", given["href"])
        for name, method in ASKING.items():
            if name in given:
                self.add(method, given[name])
        for name, value in given.items():  # read by a script, which asks for it
            if name.startswith("data-") and value.startswith("/"):
                self.add("any", value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = ("dialog", "")

    def add(self, method: str, address: str) -> None:
        parts = urlsplit(urljoin(self.at, address))
        if parts.netloc or parts.scheme or parts.path.startswith(NOT_OURS) or address.startswith("#"):
            return
        if method != "dialog":
            query = f"?{parts.query}" if method == "get" and parts.query else ""
            self.found.add((method, parts.path + query))


def offers_of(response: HttpResponse, at: str) -> set[Offer]:
    if response.status_code >= 300 or response.streaming or "text/html" not in response.get("Content-Type", ""):
        return set()
    parser = Offers(at)
    parser.feed(response.content.decode())
    return parser.found


def problem_of(offer: Offer, role: Role, client: APIClient, host: str) -> str:
    """Why this role should not have been offered that; nothing: it may."""
    method, address = offer
    path = address.partition("?")[0]
    try:
        route = resolve(path, settings.TENANT_URLCONF).route
    except Resolver404:
        return "leads nowhere"
    targets = [one for one in ENDPOINTS if one.route == route and method in {one.method, "any"}]
    if not targets:
        return f"does not take {method.upper()}"
    if not any(one.required in {Public, SignedIn, *ROLE_PERMISSIONS[role]} for one in targets):
        return f"needs {targets[0].required}"
    if method != "get" or targets[0].is_public or (role.value, address) in _followed:
        return ""
    with context.activate(None):
        response = client.get(address, headers={"host": host})
    if response.status_code in {401, 403, 404} or response.status_code >= 500:
        return f"answers {response.status_code}"
    _followed.add((role.value, address))
    return ""


@pytest.mark.parametrize("endpoint", PAGES, ids=str)
def test_a_page_offers_only_what_its_reader_may_do(endpoint: Endpoint, worlds: Worlds, known_routes: None) -> None:
    row, bob = row_of(endpoint), worlds.cast.bob
    assert row is not None, f"say in tests/isolation/rows/ how to reach the data behind {endpoint}"
    with context.enter(worlds.acme.schema):
        row.before(worlds.acme)
    problems = []
    for role in Role:
        if endpoint.required is not SignedIn and endpoint.required not in ROLE_PERMISSIONS[role]:
            continue
        with transaction.atomic():
            Membership.objects.filter(user=bob, organization=worlds.cast.acme).update(role=role)
            with context.enter(worlds.acme.schema):
                Member.objects.filter(user_id=bob.pk).update(role=role)
            client = client_of(bob, worlds.cast.acme)
            response = send(client, endpoint, worlds.acme.host, about=worlds.acme, user=bob)
            assert response.status_code in row.answers, (role, response.content[:300])
            at = response.request["PATH_INFO"]  # type: ignore[attr-defined] # the test client's
            for offer in sorted(offers_of(response, at)):
                problem = problem_of(offer, role, client, worlds.acme.host)
                if problem:
                    problems.append(f"{role}: {' '.join(offer)} {problem}")
            transaction.set_rollback(True)
    assert problems == []


def test_the_walk_sees_links_forms_and_htmx() -> None:
    parser = Offers("/clients/")
    parser.feed(
        '<a href="?page=2"></a><a href="/team/"></a><a href="https://else.example/"></a><a href="#top"></a>'
        '<form method="post"><button formaction="bulk/"></button><button></button></form>'
        '<form method="post"></form><form method="dialog"><button></button></form><p data-cep="/cep/"></p>'
        '<div hx-get="/clients/list/" hx-delete="x/"></div><a href="/static/x.css"></a><a href="mailto:a@b.c"></a>'
    )
    assert parser.found == {
        ("get", "/clients/?page=2"),
        ("get", "/team/"),
        ("post", "/clients/"),
        ("post", "/clients/bulk/"),
        ("any", "/cep/"),
        ("get", "/clients/list/"),
        ("delete", "/clients/x/"),
    }
