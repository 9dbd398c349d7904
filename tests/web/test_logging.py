"""The log: one JSON object a line, who and where in each, nobody's data in any."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import structlog
from celery import Task
from celery.app.task import Context
from celery.utils.threads import LocalStack
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django_structlog.celery.receivers import CeleryReceiver
from pytest_django.fixtures import Settings

import config.celery  # noqa: F401 - connects what a worker connects
from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing
from tests.web.logs import logged


class TestLines:
    def test_are_json_whoever_writes_them(self) -> None:
        with logged() as lines:
            structlog.get_logger("ours").info("pool_refilled", made=3)
            logging.getLogger("theirs").warning("took %s", "long", extra={"reason": "lock"})
        ours, theirs = lines
        assert ours["event"] == "pool_refilled"
        assert (ours["made"], ours["level"], ours["logger"]) == (3, "info", "ours")
        assert theirs["event"] == "took long"
        assert (theirs["reason"], theirs["level"], theirs["logger"]) == ("lock", "warning", "theirs")
        assert ours.keys() >= {"timestamp"} <= theirs.keys()

    def test_say_which_schema_and_organization(self, acme: Organization) -> None:
        route = routing.by_schema(acme.schema_name)
        assert route is not None
        with logged() as lines:
            with context.enter(route):
                logging.getLogger("theirs").info("inside")
                structlog.get_logger("ours").info("inside")
            with context.activate(None):
                structlog.get_logger("ours").info("outside")
            with context.activate(None), structlog.contextvars.bound_contextvars(schema="org_acme"):
                structlog.get_logger("ours").info("after")
                with context.public():
                    structlog.get_logger("ours").info("elsewhere")
        first, second, third, after, elsewhere = lines
        assert (after["schema"], elsewhere["schema"]) == ("org_acme", "public")
        assert (first["schema"], first["organization"]) == (second["schema"], second["organization"])
        assert (first["schema"], first["organization"]) == ("org_acme", "acme")
        assert "schema" not in third
        assert "organization" not in third

    def test_a_level_holds_for_both(self) -> None:
        with logged("WARNING") as lines:
            structlog.get_logger("ours").info("quiet")
            logging.getLogger("theirs").info("quiet")
        assert list(lines) == []


class TestPrivacy:
    @pytest.mark.parametrize(
        "secret",
        [
            "maria.souza@exemplo.com.br",
            "529.982.247-25",
            "52998224725",
            "11.222.333/0001-81",
            "12.ABC.345/01DE-35",
            "11222333000181",
            "+55 11 98765-4321",
            "+5511987654321",
            "(11) 98765-4321",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "Bearer abcdef0123456789",
            "/search/?q=Maria+Souza",
        ],
    )
    def test_what_looks_private_is_masked_in_any_text(self, secret: str) -> None:
        with logged() as lines:
            logging.getLogger("theirs").info("got %s from there", secret)
            structlog.get_logger("ours").info("got", why=f"because of {secret}.", parts=[{"deep": secret}])
            try:
                raise ValueError(secret)
            except ValueError:
                logging.getLogger("theirs").exception("failed")
        assert secret not in lines.text
        assert lines.text.count("[masked]") == 4
        assert "Traceback" in lines.text

    @pytest.mark.parametrize("key", ["password", "Authorization", "refresh_token", "email", "document", "name", "body"])
    def test_a_private_key_hides_any_value(self, key: str) -> None:
        with logged() as lines:
            structlog.get_logger("ours").info("got", **{key: "Maria"}, deep={"list": [{key: "Maria"}]})
            logging.getLogger("theirs").info("got", extra={"given": {key: "Maria"}})
        assert "Maria" not in lines.text

    def test_identifiers_stay_readable(self) -> None:
        uuid = "01920000-1111-7222-8333-123456789012"
        with logged() as lines:
            structlog.get_logger("ours").info(f"archived {uuid}", client_id=uuid, seconds=12.5, rows=12345678901)
        assert lines.text.count(uuid) == 2
        assert "[masked]" not in lines.text

    def test_an_object_is_not_printed_as_a_person(self, alice: User) -> None:
        with logged() as lines:
            structlog.get_logger("ours").info("got", who=alice)
        assert alice.email not in lines.text

    @pytest.mark.parametrize(
        ("statement", "kind"),
        [
            ("INSERT INTO accounts_user SELECT * FROM accounts_user WHERE email = %s", "UniqueViolation"),
            ("SELECT id FROM accounts_user WHERE id = %s", "InvalidTextRepresentation"),
            ("SELECT nothing FROM accounts_user WHERE email = %s", "UndefinedColumn"),
        ],
    )
    def test_a_database_error_keeps_the_values_to_itself(self, alice: User, statement: str, kind: str) -> None:
        word = "quintanilha"
        User.objects.filter(pk=alice.pk).update(name=word.title(), email=word)
        with logged() as lines:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement, [word])
            except DatabaseError:
                logging.getLogger("theirs").exception("failed")
        assert kind in lines.text
        assert "uintanilha" not in lines.text
        assert str(alice.pk) not in lines.text

    def test_a_task_that_is_not_known_keeps_its_arguments_to_itself(self) -> None:
        body = "Received unregistered task.\n\nThe full contents of the message body was:\n[['Maria']]\nheaders: Maria"
        with logged() as lines:
            logging.getLogger("celery").error(body)
        assert "Maria" not in lines.text
        assert "Received unregistered task" in lines.text


class TestRequests:
    def test_end_with_one_line(self, acme: Organization) -> None:
        with logged("INFO") as lines, context.activate(None):
            Client(headers={"host": "acme.localhost"}).get("/nothing/maria/?q=Maria")
        (line,) = lines.of("request_finished")
        assert line["request"] == "GET unmatched"
        assert (line["code"], line["organization"], line["schema"]) == (404, "acme", "org_acme")
        assert line["duration_ms"] > 0
        assert len(line["request_id"]) == 36
        assert "aria" not in lines.text
        assert "127.0.0.1" not in lines.text

    def test_a_slow_one_is_a_warning(self, acme: Organization, settings: Settings) -> None:
        with logged("INFO") as lines, context.activate(None):
            Client(headers={"host": "acme.localhost"}).get("/nothing/")
            settings.SLOW_REQUEST_MS = 0
            Client(headers={"host": "acme.localhost"}).get("/nothing/")
        (line,) = lines.of("slow_request")
        assert line["level"] == "warning"
        assert (line["request"], line["organization"]) == ("GET unmatched", "acme")
        assert line["request_id"] == lines.of("request_finished")[1]["request_id"]

    def test_what_was_bound_does_not_reach_the_next(self, acme: Organization) -> None:
        with logged("INFO") as lines, context.activate(None):
            Client(headers={"host": "acme.localhost"}).get("/")
            Client(headers={"host": "localhost"}).get("/nothing/")
        first, second = lines.of("request_finished")
        assert first["request_id"] != second["request_id"]
        assert "organization" not in second


class TestTasks:
    def test_name_their_organization_from_start_to_end(self, acme: Organization) -> None:
        """What a worker's signals bind, around a job that runs in its organization."""
        request = Context(kwargs={"envelope": {"schema": "org_acme", "organization_id": str(acme.pk)}})
        task: Any = Task()
        task.name, task.request_stack = "clients.welcome", LocalStack()
        task.request_stack.push(request)
        with logged() as lines:
            CeleryReceiver().receiver_task_prerun("t-1", task)
            CeleryReceiver().receiver_task_success(sender=task)
        structlog.contextvars.clear_contextvars()
        assert [line["event"] for line in lines] == ["task_started", "task_succeeded"]
        for line in lines:
            assert (line["task_id"], line["job"]) == ("t-1", "clients.welcome")
            assert line["organization_id"] == str(acme.pk)
