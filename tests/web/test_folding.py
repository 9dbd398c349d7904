"""What of a template is written once per language, and that nobody can tell by reading it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Engine, TemplateDoesNotExist
from django.template.base import TextNode, VariableNode
from django.template.loader_tags import IncludeNode
from django.urls import get_urlconf, set_urlconf
from django.utils import translation

from shared_apps.web.folding import Loader, Written

TEXTS = {
    "constant": '{% load i18n static %}<p>{% translate "Clients" %} {% static "web/mark.svg" %}{# why #}</p>',
    "icon": '{% load web %}{% icon "users" %}',
    "varying": '{% load i18n web %}{% translate word %}{% translate "Clients" as said %}{{ said }}{% icon word %}',
    "address": "{% url 'clients:list' %}{% url 'clients:new' as new %} {{ new }}{% url 'nowhere' as none %}{{ none }}",
    "detail": "{% url 'clients:detail' pk=pk %}",
    "branches": '{% load i18n %}{% if word %}{% translate "Save" %}{% else %}{% translate "Cancel" %}{% endif %}'
    '{% for one in many %}<b>{% translate "Close" %}</b>{{ one }}{% empty %}{% translate "Next" %}{% endfor %}',
    "languages": '{% load i18n %}{% translate "Save" %}{% language "en" %}{% translate "Clients" %}{% endlanguage %}',
    "told": '{% load i18n %}{% blocktranslate with n="<b>1</b>"|safe %}Undo {{ n }}{% endblocktranslate %}',
    "told_by_many": '{% load i18n %}{% blocktranslate with n=word m="1" %}Undo {{ n }} {{ m }}{% endblocktranslate %}',
    "note": '{% load i18n %}<p data-x="{{ word|default:"x" }}"{% if not word %} hidden{% endif %}>'
    '{% translate "Undo" %}</p>',
    "alone": '{% include "note" only %}{% include "note" with word="1" only %}{% include "varying" only %}{{ word }}',
    "spoken": '{% load i18n %}{% include "note" %}{% language "pt-br" %}{% include "note" %}{% endlanguage %}'
    '{% translate "Save" %}{% include "escaped" %}',
    "including": 'a{% include "constant" %}b{% include "varying" with word="users" %}{% include name %}',
    "itself": 'x{% if word %}{% include "itself" with word="" %}{% endif %}',
    "parent": '{% load i18n %}{% block title %}{% translate "Clients" %}{% endblock %}{% block a %}{% endblock %}',
    "child": '{% extends "parent" %}{% load i18n %}{% block a %}{% translate "Save" %}{{ block.super }}!{% endblock %}',
    "raw": '{% load i18n %}{% autoescape off %}{% translate "Save & close" %}{{ word }}{% endautoescape %}',
    "escaped": '{% load i18n %}{% translate "Save & close" %}{{ word }}',
}
VALUES: dict[str, Any] = {
    "word": "<users>",
    "pk": "0198a0b0-0000-7000-8000-000000000000",
    "many": [1, 2],
    "name": "icon",
}
LOCMEM = ("django.template.loaders.locmem.Loader", TEXTS)
LIBRARIES = {"i18n": "django.templatetags.i18n", "static": "django.templatetags.static"}
LIBRARIES["web"] = "shared_apps.web.templatetags.web"


def engine(*loaders: Any) -> Engine:
    return Engine(loaders=list(loaders), libraries=LIBRARIES)


@pytest.fixture
def folded() -> Engine:
    return engine(("shared_apps.web.folding.Loader", [LOCMEM]))


@pytest.fixture(autouse=True)
def _urls_of_an_organization() -> Any:
    before = get_urlconf()
    set_urlconf(settings.TENANT_URLCONF)
    yield
    set_urlconf(before)


@pytest.mark.parametrize("name", TEXTS)
def test_a_folded_template_says_what_it_said_before(folded: Engine, name: str) -> None:
    """In two languages and again, with values and without; and never what it said in the other language."""
    plain = engine(LOCMEM)
    for values in (VALUES, {**VALUES, "word": "", "many": []}, VALUES):
        for language in ("en", "pt-br", "en"):
            with translation.override(language):
                expected = plain.get_template(name).render(Context(values))
                assert folded.get_template(name).render(Context(values)) == expected


def test_what_is_constant_is_one_node_and_what_is_not_stays(folded: Engine) -> None:
    for name in ("constant", "icon", "told"):
        assert [type(node) for node in folded.get_template(name).nodelist] == [Written], name
    assert [type(node) for node in folded.get_template("alone").nodelist] == [
        Written,
        IncludeNode,
        IncludeNode,
        VariableNode,
    ]
    assert not any(isinstance(node, Written) for node in folded.get_template("told_by_many").nodelist[1:])
    assert not any(isinstance(node, Written) for node in folded.get_template("detail").nodelist)
    kept = [node for node in folded.get_template("including").nodelist if isinstance(node, Written)]
    assert len(kept) == 1, "the constant include joins the text around it"


def test_an_address_belongs_to_its_urls(folded: Engine) -> None:
    template = folded.get_template("address")
    set_urlconf(settings.TENANT_URLCONF)
    assert template.render(Context()) == "/clients/ /clients/new/"
    set_urlconf("config.urls.platform")
    with pytest.raises(Exception, match="clients"):
        template.render(Context())
    set_urlconf(settings.TENANT_URLCONF)
    assert template.render(Context()) == "/clients/ /clients/new/"


def test_nobody_renders_a_template_that_is_half_folded() -> None:
    for _ in range(20):
        fresh = engine(("shared_apps.web.folding.Loader", [LOCMEM]))
        with ThreadPoolExecutor(8) as pool:
            texts = set(pool.map(_branches, [fresh] * 16))
        assert len(texts) == 1


def _branches(fresh: Engine) -> str:
    return fresh.get_template("branches").render(Context(VALUES))


def test_a_template_that_is_not_there_is_still_not_there(folded: Engine) -> None:
    with pytest.raises(TemplateDoesNotExist):
        folded.get_template("nowhere")


def test_the_pages_use_it() -> None:
    (loader,) = Engine.get_default().template_loaders
    assert isinstance(loader, Loader)
    nodes = loader.get_template("web/components/confirm.html").nodelist
    assert all(isinstance(node, Written | TextNode) for node in nodes)
