"""Django's cache: what one organization puts there, no other finds, and nothing is put there for nobody."""

from __future__ import annotations

import pytest
import redis
from django.conf import settings
from django.core.cache import cache

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context


def test_an_organization_finds_only_what_is_its_own(
    acme: Organization, globex: Organization, empty_cache: None
) -> None:
    with context.enter(acme.schema_name):
        cache.set("answer", "of acme")
        cache.set_many({"one": 1, "two": 2})
    with context.enter(globex.schema_name):
        assert cache.get("answer") is None
        assert cache.get_many(["one", "two"]) == {}
        cache.set("answer", "of globex")
        cache.delete("one")
    assert cache.get("answer") is None  # public is nobody's back door
    with context.enter(acme.schema_name):
        assert cache.get("answer") == "of acme"
        assert cache.get_many(["one", "two"]) == {"one": 1, "two": 2}
        assert cache.incr("one") == 2


def test_without_an_organization_there_is_no_key(empty_cache: None) -> None:
    with context.activate(None):
        for call in (lambda: cache.get("x"), lambda: cache.set("x", 1), lambda: cache.delete("x")):
            with pytest.raises(context.NoSchemaChosen):
                call()


def test_every_key_in_redis_names_its_schema(acme: Organization, empty_cache: None) -> None:
    with context.enter(acme.schema_name):
        cache.set("answer", 1)
        cache.get_or_set("computed", lambda: 2)
    keys = [key.decode() for key in redis.from_url(settings.REDIS_URL).keys("*")]
    assert len(keys) == 2
    assert all(f":{acme.schema_name}:" in key for key in keys)


def test_a_key_cannot_pretend_to_be_anothers(acme: Organization, globex: Organization, empty_cache: None) -> None:
    with context.enter(globex.schema_name):
        cache.set("1:answer", "of globex")
    with context.enter(acme.schema_name):
        assert cache.get(f"{globex.schema_name}:1:answer") is None
        assert cache.get(f":{globex.schema_name}:1:answer") is None
