"""Texts are filled in, never run."""

import pytest

from tenant_apps.notifications.rendering import render, unknown

WORDS = ("name", "firm")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello {{ name }}!", "Hello Rosa!"),
        ("Hello {{name}}!", "Hello Rosa!"),
        ("{{ firm }}\n{{ reason }}\nBye", "Acme\nBye"),
        ("{% load x %}{{ name|upper }}", "{% load x %}{{ name|upper }}"),
        ("{{ name.__class__ }} {name} %(name)s ${name}", "{{ name.__class__ }} {name} %(name)s ${name}"),
        ("<b>{{ name }}</b>", "<b>Rosa</b>"),
    ],
)
def test_only_variables_are_replaced(text: str, written: str) -> None:
    assert render(text, {"name": "Rosa", "firm": "Acme"}) == written


def test_what_a_variable_stands_for_is_not_read_again() -> None:
    assert render("{{ name }}", {"name": "{{ firm }}", "firm": "Acme"}) == "{{ firm }}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{{ name }} {{ firm }}", []),
        ("{{ nam }} {{ nam }} {{ x }}", ["nam", "x"]),
        ("{{ name|upper }}", ["name|upper"]),
        ("{{ name.__class__.__mro__ }}", ["name.__class__.__mro__"]),
        ("{{ }}", ["{{ }}"]),
        ("{{ name", ["{{"]),
        ("{% include 'x' %}", []),
    ],
)
def test_names_what_is_no_variable(text: str, found: list[str]) -> None:
    assert unknown(text, WORDS) == found
