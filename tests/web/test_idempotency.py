"""`Idempotency-Key`: sent twice, done once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.test import APIClient

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.web.api import idempotency
from shared_apps.web.models import IdempotencyKey
from tenant_apps.clients.models import Client

URL = "/api/v1/clients/"
Api = Callable[[User | None, Organization], APIClient]


def clients_of(organization: Organization) -> int:
    with context.enter(organization.schema_name):
        return Client.objects.count()


def test_the_same_request_is_answered_again(staff: APIClient, acme: Organization) -> None:
    first = staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    again = staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert clients_of(acme) == 1
    staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k2")
    assert clients_of(acme) == 2


def test_another_request_under_the_key_is_refused(
    staff: APIClient, api: Api, alice: User, carol: User, acme: Organization, globex: Organization
) -> None:
    staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    other = staff.post(URL, {"name": "Bia"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    alices = api(alice, acme).post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert alices.json()["code"] == "idempotency_key_reused"
    elsewhere = api(carol, globex).post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (elsewhere.status_code, "Idempotent-Replayed" in elsewhere) == (201, False)


def test_a_refused_request_leaves_nothing_and_may_be_sent_again(staff: APIClient, acme: Organization) -> None:
    assert staff.post(URL, {"name": ""}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 422
    assert not IdempotencyKey.objects.exists()
    assert staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "ação", "a\x07"])
def test_a_key_that_is_none(staff: APIClient, key: str) -> None:
    answer = staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY=key)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "Idempotency-Key")


def test_a_key_is_kept_for_a_day(staff: APIClient, acme: Organization) -> None:
    staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert staff.post(URL, {"name": "Bia"}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201
    assert idempotency.purge_idempotency_keys() == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert idempotency.purge_idempotency_keys() == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_that_cannot_be_kept_undoes_the_effect(staff: APIClient, acme: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE web_idempotencykey ADD CONSTRAINT full_disk CHECK (false) NOT VALID")
        try:
            answer = staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")
        finally:
            cursor.execute("ALTER TABLE web_idempotencykey DROP CONSTRAINT full_disk")
    assert (answer.status_code, clients_of(acme)) == (409, 0)
    assert staff.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201


def _in_thread(work: Callable[[], Any]) -> Any:
    with context.public():
        try:
            return work()
        finally:
            connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(api: Api, acme: Organization, bob: User) -> None:
    clients, barrier = [api(bob, acme) for _ in range(4)], Barrier(4)

    def post(client: APIClient) -> Any:
        barrier.wait(timeout=20)
        return client.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: _in_thread(lambda: post(client)), clients))
    assert clients_of(acme) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"request_in_progress"}


@pytest.mark.django_db(transaction=True)
def test_while_one_works_another_is_told_so(api: Api, acme: Organization, bob: User) -> None:
    client = api(bob, acme)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        idempotency._lock(f"idempotency:{acme.pk}:k1")
        work = lambda: client.post(URL, {"name": "Ana"}, HTTP_IDEMPOTENCY_KEY="k1")  # noqa: E731
        answer = pool.submit(_in_thread, work).result(timeout=20)
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "request_in_progress", "1")
    assert clients_of(acme) == 0
