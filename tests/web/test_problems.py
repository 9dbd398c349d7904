"""Whatever is refused under /api/ is problem+json, and nothing that is sent makes a 500."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError
from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization
from shared_apps.web.api.problems import problem_of
from shared_apps.web.middleware import ProblemMiddleware

URL = "/api/v1/clients/"


def is_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem: dict[str, Any] = orjson.loads(answer.content)
    assert {"type", "title", "status", "detail", "code", "instance", "errors"} <= set(problem)
    assert (problem["status"], problem["code"]) == (status, code)
    return problem


def test_an_unknown_address(staff: APIClient) -> None:
    assert is_problem(staff.get("/api/v1/nothing/"), 404, "not_found")["instance"] == "/api/v1/nothing/"
    is_problem(staff.get(f"{URL}not-a-uuid/"), 404, "not_found")
    is_problem(staff.get(f"{URL}0190a5d2-0000-7000-8000-000000000000/"), 404, "not_found")


def test_an_address_without_its_slash(staff: APIClient, settings: Any) -> None:
    settings.DEBUG = True
    is_problem(staff.post(URL.rstrip("/"), {"name": "A"}), 404, "not_found")


def test_who_is_not_signed_in(api: Callable[..., APIClient], acme: Organization) -> None:
    answer = api(None, acme).get(URL)
    is_problem(answer, 401, "not_authenticated")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_method_that_is_not_offered(staff: APIClient) -> None:
    answer = staff.delete(URL)
    is_problem(answer, 405, "method_not_allowed")
    assert "POST" in answer["Allow"]


def test_a_body_of_another_type(staff: APIClient) -> None:
    is_problem(staff.post(URL, "<a/>", content_type="application/xml"), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body",
    [
        b"{", b'{"name": }', b"\xff\xfe", b'{"name": NaN}', b'{"name": 1e999}', b"[" * 5000, b'{"a":' * 900,
        b"1" * 5000,
        b"[" * 40 + b"]" * 40, b'{"name": "a", "name": "b"}', b'"\\ud800"', b"", b"\x00",
    ],
)  # fmt: skip
def test_a_body_that_is_no_json(staff: APIClient, body: bytes) -> None:
    answer = staff.post(URL, body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    if body not in {b"", b"1" * 5000}:
        is_problem(answer, 400, "malformed")


def test_a_body_of_ten_megabytes(staff: APIClient) -> None:
    body = b'{"name": "' + b"x" * 10_000_000 + b'"}'
    is_problem(staff.post(URL, body, content_type="application/json"), 413, "body_too_large")


@pytest.mark.parametrize("value", [1, 1.5, True, None, [], {}, "1" * 50, -(10**40), "💧"])
@pytest.mark.parametrize("field", ["kind", "name", "document", "email", "phone", "tags", "notes", "custom"])
def test_values_of_every_type_in_every_field(staff: APIClient, field: str, value: Any) -> None:
    answer = staff.post(URL, {"name": "A", field: value})
    assert answer.status_code in {201, 422}, answer.content


def named(exception: type[Exception], text: str, sqlstate: str) -> Exception:
    """The database's refusal as Django hands it on."""
    cause = Exception(text)
    cause.sqlstate = sqlstate  # type: ignore[attr-defined]
    error = exception(text)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (named(IntegrityError, 'unique constraint "clients_document_once"', "23505"), 409, "document_taken"),
        (named(IntegrityError, 'unique constraint "clients_document_once_102022"', "23505"), 409, "document_taken"),
        (named(IntegrityError, 'unique constraint "clients_document_once_more"', "23505"), 409, "conflict"),
        (named(IntegrityError, 'foreign key "clients_document_once"', "23503"), 409, "conflict"),
        (DataError("null"), 422, "invalid"),
        (OperationalError("terminating connection"), 503, "temporarily_unavailable"),
        (InterfaceError("connection already closed"), 503, "temporarily_unavailable"),
        (RedisConnectionError("refused"), 503, "temporarily_unavailable"),
    ],
)
def test_what_the_stores_say(error: Exception, status: int, code: str) -> None:
    answer = problem_of(error)
    assert answer is not None
    problem = is_problem(answer, status, code)
    assert "clients_document_once" not in problem["detail"]
    if status == 503:
        assert answer["Retry-After"] == "5"


def test_a_bug_is_nobodys_problem_document() -> None:
    assert problem_of(KeyError("bug")) is None


@pytest.mark.parametrize("status", [400, 403, 404, 413, 500, 503])
def test_djangos_own_pages_become_problems_under_api(status: int, rf: RequestFactory) -> None:
    page = HttpResponse("<h1>No</h1>", status=status)
    answer = ProblemMiddleware(lambda request: page)(rf.get("/api/v1/x/"))
    assert orjson.loads(answer.content)["status"] == status
    assert ProblemMiddleware(lambda request: page)(rf.get("/clients/")) is page
