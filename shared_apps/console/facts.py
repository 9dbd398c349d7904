"""What lists and pages of the console say of a thing beyond its own columns, asked once for all that are shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise

Values = Callable[[Sequence[Any]], dict[Any, Any]]


@dataclass(frozen=True, slots=True)
class Fact:
    """A column: `values(keys)` answers with what is shown for each key, in as many statements as it likes to need."""

    model: type[models.Model]
    name: str
    label: str | Promise
    values: Values
    order: int = 100


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a thing's page: `template` is given what `values(subject)` answers; None: nothing to show."""

    model: type[models.Model]
    name: str
    template: str
    values: Callable[[Any], dict[str, Any] | None]
    order: int = 100


_facts: dict[tuple[str, str], Fact] = {}
_sections: dict[tuple[str, str], Section] = {}


def add(fact: Fact) -> None:
    _facts[fact.model._meta.label_lower, fact.name] = fact


def add_section(section: Section) -> None:
    _sections[section.model._meta.label_lower, section.name] = section


def of(model: type[models.Model]) -> list[Fact]:
    mine = (one for (label, _name), one in _facts.items() if label == model._meta.label_lower)
    return sorted(mine, key=lambda one: one.order)


def sections_of(subject: models.Model) -> list[dict[str, Any]]:
    mine = (one for (label, _name), one in _sections.items() if label == subject._meta.label_lower)
    found = ((one, one.values(subject)) for one in sorted(mine, key=lambda one: one.order))
    return [{"template": one.template, "values": values} for one, values in found if values is not None]


def tell(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Put every fact of these rows on them, as `row.facts`."""
    keys = [row.pk for row in rows]
    told = {fact.name: fact.values(keys) for fact in of(model)} if keys else {}
    for row in rows:
        row.facts = {name: values.get(row.pk) for name, values in told.items()}
