"""Cache keys of two organizations never meet."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.tenancy import context
from shared_apps.tenancy.cache import make_key, reverse_key
from shared_apps.tenancy.context import NoSchemaChosen

schemas = st.from_regex(r"\A[a-z_][a-z0-9_]{0,20}\Z").filter(lambda name: not name.startswith("pg_"))
keys = st.text(max_size=20)
versions = st.integers(min_value=0, max_value=99)


def key(schema: str, name: str, version: int = 1, prefix: str = "") -> str:
    with context.enter(schema):
        return make_key(name, prefix, version)


@given(schemas, schemas, keys, keys, versions, versions)
def test_two_organizations_never_share_a_key(
    one: str, two: str, first: str, second: str, version: int, other: int
) -> None:
    same = (one, first, version) == (two, second, other)
    assert (key(one, first, version) == key(two, second, other)) is same


@given(schemas, keys)
def test_the_key_comes_back(schema: str, name: str) -> None:
    assert reverse_key(key(schema, name)) == name


def test_a_key_without_an_owner_is_refused() -> None:
    with context.activate(None), pytest.raises(NoSchemaChosen):
        cache.get("anything")


@pytest.mark.usefixtures("empty_cache")
def test_through_the_cache_itself() -> None:
    for schema in ("org_acme", "org_globex"):
        with context.enter(schema):
            assert cache.get("greeting") is None
            cache.set_many({"greeting": schema, "count": 1})
            cache.incr("count")
    for schema in ("org_acme", "org_globex"):
        with context.enter(schema):
            assert cache.get_many(["greeting", "count"]) == {"greeting": schema, "count": 2}
            cache.delete("greeting")
            cache.set("mine", schema)
    with context.enter("org_initech"):
        assert cache.get_many(["greeting", "count", "mine"]) == {}
