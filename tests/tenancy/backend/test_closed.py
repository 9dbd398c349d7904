"""With no schema chosen no statement runs, by whatever way it comes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from shared_apps.tenancy.context import NoSchemaChosen
from tests.tenancy.backend.conftest import ONE, SESSION, TRANSACTION, Who, who


def raw(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.execute("SELECT 1")


def many(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.executemany("INSERT INTO note VALUES (%s)", [["a"], ["b"]])


def copy_out(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor, cursor.copy("COPY who TO STDOUT") as copy:
        list(copy)


def copy_in(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor, cursor.copy("COPY note FROM STDIN") as copy:
        copy.write("a\n")


def streamed(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        list(cursor.stream("SELECT name FROM who"))


def procedure(wrapper: DatabaseWrapper) -> None:
    with wrapper.cursor() as cursor:
        cursor.callproc("now")


def named(wrapper: DatabaseWrapper) -> None:
    with wrapper.chunked_cursor() as cursor:
        cursor.execute("SELECT name FROM who")


def query(wrapper: DatabaseWrapper) -> None:
    list(Who.objects.using(wrapper.alias))


def iterator(wrapper: DatabaseWrapper) -> None:
    list(Who.objects.using(wrapper.alias).iterator(chunk_size=1))


def write(wrapper: DatabaseWrapper) -> None:
    Who.objects.using(wrapper.alias).create(name="nobody")


def in_transaction(wrapper: DatabaseWrapper) -> None:
    with transaction.atomic(using=wrapper.alias), transaction.atomic(using=wrapper.alias):
        raw(wrapper)


@pytest.mark.parametrize(
    "way", [raw, many, copy_out, copy_in, streamed, procedure, named, query, iterator, write, in_transaction]
)
def test_refused(own: DatabaseWrapper, way: Callable[[DatabaseWrapper], None]) -> None:
    with context.activate(None), pytest.raises(NoSchemaChosen):
        way(own)
    with context.enter(ONE):
        assert who(own) == ONE


@pytest.mark.parametrize("settings", [SESSION, TRANSACTION])
def test_refused_on_a_connection_that_served_somebody(
    connect: Callable[..., DatabaseWrapper], settings: dict[str, str]
) -> None:
    wrapper = connect(**settings)
    with context.enter(ONE):
        assert who(wrapper) == ONE
    with context.activate(None), pytest.raises(NoSchemaChosen):
        raw(wrapper)


def test_a_thread_starts_with_nothing_chosen_unless_it_is_given_the_context() -> None:
    with ThreadPoolExecutor(1) as threads, context.enter(ONE):
        assert threads.submit(context.active_or_none).result() is None
        assert threads.submit(copy_context().run, context.active_or_none).result() == context.active()
        assert threads.submit(context.active_or_none).result() is None


@pytest.mark.parametrize("name", ["", "$user", "pg_catalog", "Acme", 'a"b', "a.b", "a\x00b", "a" * 64, "ação"])
def test_names_that_postgresql_would_read_otherwise_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a schema"), context.enter(name):
        pass


def test_a_mode_that_does_not_exist_stops_the_connection(connect: Callable[..., DatabaseWrapper]) -> None:
    with pytest.raises(ImproperlyConfigured, match="Transaction"):
        connect(PATH_MODE="Transaction")
