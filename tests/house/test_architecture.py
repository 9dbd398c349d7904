"""The walls that import-linter cannot see: what may be called where, read from the code itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("config", "shared_apps", "billing", "tenant_apps")
ENGINE = "shared_apps/tenancy/"
LONGEST = 300  # lines; about 250 is where a file asks to be a package
MONEY = ("billing.", "tenant_apps.")

# Where a test must let real time pass outside a loop that looks whether something happened, and what for.
SLEEPS = {
    "tests/tenancy/fleet/test_contention.py": "that a signal does nothing shows only in time",
    "tests/tenancy/jobs/samples.py": "a job that is still running when its worker is killed",
}


@cache
def _below(folder: str) -> list[tuple[str, ast.Module, str]]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "/migrations/" not in name:
            text = path.read_text()
            found.append((name, ast.parse(text), text))
    return found


def sources(*folders: str) -> list[tuple[str, ast.Module, str]]:
    """(path, syntax tree, text) of every Python file of ours below these folders, migrations aside."""
    return [found for folder in folders for found in _below(folder)]


def dotted(node: ast.expr) -> str:
    """As written: `clients.welcome.delay`; what is no name at its beginning is `?`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


@cache
def calls(tree: ast.Module) -> frozenset[str]:
    return frozenset(dotted(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))


def attributes(tree: ast.Module) -> set[str]:
    return {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@cache
def imported(tree: ast.Module) -> frozenset[str]:
    """Dotted names of the modules and things that are imported, anywhere in the file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def test_only_config_reads_the_environment() -> None:
    readers = {
        name
        for name, tree, _text in sources(*STOREYS)
        if not name.startswith("config/")
        and (attributes(tree) & {"os.environ", "os.getenv"} or imported(tree) & {"environ", "os.environ", "os.getenv"})
    }
    assert readers == set()


@pytest.mark.parametrize(
    "forbidden",
    ["delay", "apply_async", "send_task", "schema_context", "tenant_context", "set_tenant", "set_schema"],
)
def test_only_the_engine_sends_tasks_and_switches_schemas(forbidden: str) -> None:
    callers = {
        name
        for name, tree, _text in sources(*STOREYS)
        if not name.startswith(ENGINE) and any(call.split(".")[-1] == forbidden for call in calls(tree))
    }
    assert callers == set()


def test_only_the_engine_declares_tasks_to_celery() -> None:
    declared = {
        name
        for name, tree, _text in sources("shared_apps", "billing", "tenant_apps")
        if not name.startswith(ENGINE) and imported(tree) & {"celery.shared_task", "celery.Task"}
    }
    assert declared == set()


def test_only_the_engine_chooses_a_schema_for_the_rest_of_a_thread() -> None:
    """Everybody else goes in and comes out: `with context.enter(...)`."""
    choosers = {
        name
        for name, tree, _text in sources(*STOREYS)
        if not name.startswith(ENGINE) and {"choose", "context.choose"} & calls(tree)
    }
    assert choosers == set()


def test_redis_is_reached_through_the_cache_and_the_broker() -> None:
    """A key written past Django's cache names no organization."""
    direct = {
        name
        for name, tree, _text in sources(*STOREYS)
        if {"redis", "redis.Redis", "redis.from_url", "redis.client"} & imported(tree)
        and not name.startswith((ENGINE, "config/embedded/"))
    }
    assert direct == {"shared_apps/web/health.py"}  # asks whether it answers


def test_money_and_measures_are_no_floats() -> None:
    floats = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith(MONEY)
        for field in model._meta.concrete_fields
        if isinstance(field, models.FloatField)
    }
    typed = {
        name
        for name, tree, _text in sources("billing", "tenant_apps")
        if any(call.split(".")[-1] == "FloatField" for call in calls(tree))
    }
    assert floats | typed == set()


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = {name: text.count("\n") for name, _tree, text in sources(*STOREYS, "tests") if text.count("\n") > LONGEST}
    assert long == {}


def test_tests_wait_for_something_to_happen_not_for_time_to_pass() -> None:
    sleepers = {name for name, tree, _text in sources("tests") if "/bench/" not in name and sleeps_outside_a_loop(tree)}
    assert sleepers - set(SLEEPS) == set()


def sleeps_outside_a_loop(tree: ast.Module) -> bool:
    def sleeps(node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Call) and dotted(node.func) == "time.sleep":
            yield node
        if not isinstance(node, ast.While):
            for child in ast.iter_child_nodes(node):
                yield from sleeps(child)

    return any(sleeps(tree))


def test_no_test_replaces_our_own_code() -> None:
    mocks = {
        name
        for name, tree, _text in sources("tests")
        if any(module.startswith(("unittest.mock", "mock")) for module in imported(tree))
    }
    assert mocks == set()


def test_every_user_visible_refusal_can_be_translated() -> None:
    """`message` of a domain error is a lazy translation, never a bare text."""
    from shared_apps.core.errors import DomainError

    def below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
        for child in kind.__subclasses__():
            yield child
            yield from below(child)

    bare = {kind.__qualname__ for kind in below(DomainError) if type(kind.message) is str}
    assert bare == set()
