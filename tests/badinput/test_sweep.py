"""Every field of every body and every query parameter of the API, with everything that people and scanners send.

The fields come from the API's own description, so a new one is swept without a line here. Whatever is sent: an answer
below 500, and after a refusal not one row different.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.tenancy import context
from tenant_apps.team.models import Member
from tenant_apps.transfers.models import Import
from tests.isolation.rows import ROWS
from tests.isolation.world import Watch, World

NASTY: list[Any] = [
    None, "", " ", "x" * 100_000, "\x00", "a\x00b", "\u202e\ufeff", "😀" * 50, "'; DROP TABLE clients_client --",
    "%s%(x)s{0}", "<script>", "-1", "NaN", "2026-02-30", "0000-00-00", -1, 0, 2**31, 2**63, 10**400, 1.5, 1e308, True,
    [], {}, [[]], ["x" * 1000], [None], ["\x00"], {"\x00": 1}, {"": ""}, {"nothing": 1}, {"zqacme_key": {}}, [1] * 5000,
]  # fmt: skip
AT_ONCE = 7  # values after which the rows are looked at
WORDS = [
    "", " ", "\x00", "a\x00b", "x" * 5000, "'", "%", "'&|!:*<->()", "-1", "0", "9" * 30, "NaN", "true", "[]", "a,b,c",
    "-", "password", "created_at__x", "😀", "2026-13-99",
]  # fmt: skip
CUSTOM = [
    "custom.nothing",
    "custom.",
    "custom..x",
    "custom.\x00",
    "custom.zqacme_key",
    "custom.zqacme_key__gt",
    "custom[x]",
]


@cache
def description() -> dict[str, Any]:
    """Made once in a process, and not to be changed by whoever reads it."""
    return SchemaGenerator(urlconf="config.urls.tenant").get_schema(request=None, public=True)


def bodies() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, JSON schema of the body) of every operation that takes one."""
    schemas = description()["components"]["schemas"]
    for path, operations in description()["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content and "/auth/" not in path:
                yield method, path, schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]


def parameters() -> list[tuple[str, list[str]]]:
    """(path, names of the query parameters) of every GET."""
    return [
        (path, [one["name"] for one in operations["get"].get("parameters", []) if one["in"] == "query"])
        for path, operations in description()["paths"].items()
        if "get" in operations and not path.endswith(("/schema/", "/docs/"))
    ]


KINDS = {
    "appointments": "scheduling.Appointment",
    "assets": "clients.Asset",
    "bank-lines": "banking.StatementLine",
    "categories": "finance.Category",
    "clients": "clients.Client",
    "contracts": "scheduling.Contract",
    "custom-fields": "clients.CustomField",
    "entries": "finance.Entry",
    "offerings": "scheduling.Offering",
    "payments": "finance.Payment",
    "places": "clients.Place",
    "recurrences": "finance.Recurrence",
    "visit-reports": "visits.VisitReport",
}


IMPORTS = {"client-imports": "clients", "appointment-imports": "appointments", "entry-imports": "entries"}


def identifier(path: str, world: World) -> str | None:
    """What stands for `{id}` in a path of the description: a planted object's, or that of somebody who works there."""
    resource = path.split("/")[3]
    if resource == "working-hours":
        with context.enter(world.schema):
            return str(Member.objects.filter(is_active=True).earliest("id").pk)
    if resource in IMPORTS:
        with context.enter(world.schema):
            Import.objects.update(kind=IMPORTS[resource])
        return str(world["transfers.Import"].pk)
    kind = KINDS.get(resource)
    return str(world[kind].pk) if kind else None


def at(path: str, world: World) -> str:
    """The path with them in it."""
    path = path.replace("{key}", "clients")
    return path.replace("{id}", identifier(path, world) or "{id}") if "{id}" in path else path


OPERATIONS = {f"{method.upper()} {path}": (method, path, schema) for method, path, schema in bodies()}
LISTS = dict(parameters())


# Fields that are judged together with the one that is sent, and named with it or in its place.
TOGETHER: dict[str, set[str]] = {
    **{f"POST /api/v1/{imports}/{{id}}/check/": {"mapping"} for imports in IMPORTS},
    "POST /api/v1/contracts/{id}/variations/": {"ends_on"},
    "POST /api/v1/entries/{id}/payments/": {"amount"},
}


def sound(operation: str, world: World, alice: User) -> dict[str, Any]:
    """A body that is taken, as the isolation suite sends it: what is required, or all where nothing is."""
    method, path, schema = OPERATIONS[operation]
    wanted = re.compile(f"{method.upper()} /{re.sub('{.*?}', '<.*?>', path.removeprefix('/'))}")
    rows = [row for name, row in ROWS.items() if wanted.fullmatch(name)]
    assert len(rows) == 1, operation
    with context.enter(world.schema):
        body = rows[0].body(world, alice) or {}
    return {name: body[name] for name in schema.get("required", body) if name in body}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_field(operation: str, alice_at_acme: APIClient, world: World, alice: User) -> None:
    """What is taken is undone at once, so that each finds the same rows; what is refused must leave them so.

    A value is sent in all fields at once; then alone, among sound ones, in those fields that the refusal did not name.
    """
    method, path, schema = OPERATIONS[operation]
    address, good = at(path, world), sound(operation, world, alice)
    fields = {name for name, field in schema["properties"].items() if not field.get("readOnly")}
    assert fields
    watch = Watch(world.schema)
    before = watch.now()

    def refused(body: dict[str, Any], value: Any) -> set[str]:
        start = transaction.savepoint()
        answer = send(alice_at_acme, method, address, _json(body))
        assert answer.status_code < 500, (body.keys(), value)
        if answer.status_code < 400:
            transaction.savepoint_rollback(start)
            return set()
        transaction.savepoint_commit(start)
        problem = answer.json()
        assert problem["code"]
        named = {error["field"].split(".")[0] for error in problem.get("errors", ())}
        assert named or answer.status_code != 422, (value, problem)
        return named

    for start in range(0, len(NASTY), AT_ONCE):
        for value in NASTY[start : start + AT_ONCE]:
            everywhere = refused(good | dict.fromkeys(fields, value), value)
            for name in fields - everywhere:
                assert refused(good | {name: value}, value) <= {name} | TOGETHER.get(operation, set()), (name, value)
        assert watch.now() == before, NASTY[start : start + AT_ONCE]


def _json(body: Any) -> bytes:
    return json.dumps(body, default=str).encode()  # the standard library's: it writes integers of any size


def send(client: APIClient, method: str, path: str, body: bytes) -> Any:
    return client.generic(method.upper(), path, body, "application/json", headers={"if-match": "*"})


@pytest.mark.parametrize("operation", OPERATIONS)
def test_too_long_is_named(operation: str, alice_at_acme: APIClient, world: World, alice: User) -> None:
    """One character more than the description allows: 422, and the field's name."""
    method, path, schema = OPERATIONS[operation]
    good = sound(operation, world, alice)
    limits = {name: field["maxLength"] for name, field in schema["properties"].items() if "maxLength" in field}
    for name, limit in limits.items():
        response = send(alice_at_acme, method, at(path, world), _json({**good, name: "x" * (limit + 1)}))
        assert response.status_code == 422
        assert {error["field"] for error in response.json()["errors"]} == {name}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_body_that_is_no_object_and_an_unknown_field(
    operation: str, alice_at_acme: APIClient, world: World, alice: User
) -> None:
    method, path, _schema = OPERATIONS[operation]
    for body in (b"[]", b"null", b"1", b'"x"', b"true", b'[{"name": "x"}]'):
        response = send(alice_at_acme, method, at(path, world), body)
        assert response.status_code in {400, 422}, body
        assert response.json()["code"], body
    response = send(alice_at_acme, method, at(path, world), _json({**sound(operation, world, alice), "nonsense": 1}))
    assert response.status_code == 422
    assert {error["field"] for error in response.json()["errors"]} == {"nonsense"}


@pytest.mark.parametrize("path", LISTS)
def test_every_query_parameter(path: str, alice_at_acme: APIClient, world: World) -> None:
    for name in [*LISTS[path], "nonsense", *(CUSTOM if path.endswith("/clients/") else [])]:
        for word in WORDS:
            response = alice_at_acme.get(f"{at(path, world)}?{quote(name)}={quote(word)}")
            assert response.status_code < 500, (name, word)
            if response.status_code >= 400:
                assert response.json()["code"], (name, word)
        twice = alice_at_acme.get(f"{at(path, world)}?{quote(name)}=1&{quote(name)}=x")
        assert twice.status_code < 500
