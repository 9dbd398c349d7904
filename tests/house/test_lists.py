"""Whoever sends a list is told at once how long it may be: nothing is looked at of one that is too long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import get_resolver
from rest_framework import serializers

from shared_apps.web.api.serializers import Several, StrictSerializer


def strict(base: type = StrictSerializer) -> Iterator[type[Any]]:
    made: type[Any]
    for made in base.__subclasses__():
        if made.__module__.startswith(("tenant_apps", "shared_apps", "billing")):
            yield made
        yield from strict(made)


def unbounded(serializer: Any, path: str) -> Iterator[str]:
    for name, field in serializer.fields.items():
        here = f"{path}.{name}"
        if field.read_only:
            continue
        if isinstance(field, serializers.ListSerializer):
            if field.max_length is None:
                yield here
            yield from unbounded(field.child, here)
        elif isinstance(field, serializers.ListField):
            if not isinstance(field, Several):
                yield here
        elif isinstance(field, serializers.Serializer):
            yield from unbounded(field, here)


def test_every_list_that_is_taken_has_an_end() -> None:
    assert get_resolver("config.urls.tenant").url_patterns  # every module with endpoints is loaded
    found = {path for made in strict() for path in unbounded(made(), made.__name__)}
    assert found == set()


def test_a_list_that_is_too_long_is_not_looked_at() -> None:
    class Counting(serializers.CharField):
        seen = 0

        def run_validation(self, data: Any = "") -> Any:
            type(self).seen += 1
            return super().run_validation(data)

    field = Several(child=Counting(), max_length=3)
    assert field.run_validation(["a", "b", "c"]) == ["a", "b", "c"]
    with pytest.raises(serializers.ValidationError) as refusal:
        field.run_validation(["x"] * 5000)
    assert refusal.value.get_codes() == ["max_length"]
    assert Counting.seen == 3
