"""What pages keep in the process's memory, menus and constant parts of templates, is nobody's."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import Engine
from django.template.base import Node, NodeList
from django.urls import reverse
from django.utils import translation

from shared_apps.organizations import context as layout
from shared_apps.organizations.models import Role
from shared_apps.tenancy import context
from shared_apps.web.folding import Address, Loader, Written
from tenant_apps.team.models import Member
from tests.isolation.conftest import CSRF, Worlds, client_of, send
from tests.isolation.endpoints import endpoints
from tests.isolation.rows import row_of

PAGES = [one for one in endpoints(settings.TENANT_URLCONF) if one.is_page and one.is_safe and not one.is_public]


def test_nothing_that_is_kept_holds_a_word_of_an_organization(worlds: Worlds, known_routes: None) -> None:
    """Every page of both, in their owners' hands; then all that this process remembers is read."""
    layout.KEPT.clear()
    for world, user in ((worlds.acme, worlds.cast.alice), (worlds.globex, worlds.cast.carol)):
        for page in PAGES:
            if (row := row_of(page)) is not None:
                with context.enter(world.schema):
                    row.before(world)
            send(client_of(user, world.organization), page, world.host, about=world, user=user)
    texts = kept()
    assert len(texts) > 100
    assert len(layout.KEPT) > 4
    words = worlds.of_acme | worlds.of_globex | {"alice", "carol", CSRF, "csrfmiddlewaretoken"}
    assert [(word, text[:200]) for text in texts for word in words if word in text] == []


@pytest.mark.parametrize("template", ["web/_menu.html", "web/_bottom_bar.html"])
def test_roles_and_languages_have_menus_of_their_own(worlds: Worlds, template: str) -> None:
    """The menu of each role names what it may enter and nothing else, in whatever order they come."""
    layout.KEPT.clear()
    for _ in range(2):
        for role in (Role.OWNER, Role.VIEWER, Role.ADMIN, Role.STAFF):
            for language, word in (("pt-br", "Clientes"), ("en", "Clients")):
                with translation.override(language):
                    text = layout.written(template, role, "/clients/")
                assert f"<span>{word}</span>" in text
                may = {place.href for group in layout.GROUPS for place in layout.places(group, role)}
                named = {part.split('"')[0] for part in text.split('href="')[1:] if part.startswith("/")}
                named = {name for name in named if not name.startswith(settings.STATIC_URL)}
                assert named == may if template == "web/_menu.html" else named <= may


def test_a_page_shows_the_menu_of_the_role_that_asks(worlds: Worlds) -> None:
    clients = next(page for page in PAGES if page.route == "clients/")
    fields, bob = reverse("clients:fields", urlconf=settings.TENANT_URLCONF), worlds.cast.bob
    for role in (Role.ADMIN, Role.VIEWER, Role.ADMIN):
        with context.enter(worlds.acme.schema):
            Member.objects.filter(user_id=bob.pk).update(role=role)
        answer = send(client_of(bob, worlds.cast.acme), clients, worlds.acme.host, about=worlds.acme, user=bob)
        assert (f'href="{fields}"' in answer.content.decode()) == (role == Role.ADMIN)


def kept() -> list[str]:
    """Everything that the menus and the templates of this process remember."""
    texts = [str(text) for text in layout.KEPT.values()]
    (loader,) = Engine.get_default().template_loaders
    assert isinstance(loader, Loader)
    for template in loader.get_template_cache.values():
        if hasattr(template, "nodelist"):
            texts += of(template.nodelist)
    return texts


def of(nodes: NodeList | list[Node]) -> list[str]:
    texts: list[str] = []
    for node in nodes:
        if isinstance(node, Written):
            texts += map(str, node.written.values())
        elif isinstance(node, Address):
            texts += map(str, node.found.values())
        for value in [
            *vars(node).values(),
            *(nodes for _condition, nodes in getattr(node, "conditions_nodelists", ())),
        ]:
            if isinstance(value, NodeList):
                texts += of(value)
    return texts
