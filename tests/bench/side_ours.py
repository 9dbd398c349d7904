"""What Colmeia's process does when the benchmark asks."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Domain, Membership, Organization, Role
from shared_apps.tenancy import clone, context, deletion, pool, provisioning, template
from shared_apps.tenancy.models import Schema
from tests.bench import serving

context.choose(context.Active(context.PUBLIC))


def setup() -> None:
    call_command("migrate", verbosity=0)
    User.objects.create_user("owner@bench.example", None, name="Owner")
    template.script()


def organizations(names: list[str]) -> None:
    """Organizations with schemas, made quickly: rows in bulk, schemas by clone, no pool."""
    owner = User.objects.get(email="owner@bench.example")
    made = Organization.objects.bulk_create(
        [
            Organization(slug=name.replace("_", "-"), name=name, schema_name=f"org_{name}", status="active")
            for name in names
        ]
    )
    Domain.objects.bulk_create([Domain(domain=f"{org.slug}.localhost", tenant=org) for org in made])
    Membership.objects.bulk_create([Membership(organization=org, user=owner, role=Role.OWNER) for org in made])
    script = template.script()
    for org in made:
        clone.clone(org.schema_name, script, kind=Schema.Kind.ORGANIZATION)
        connection.close_if_unusable_or_obsolete()


def claim(name: str) -> float:
    """Seconds until a new organization's schema is ready, when the pool has one."""
    pool.refill(1)
    return _timed(lambda: provisioning.provision(name), expected="pool", name=name)


def clone_one(name: str) -> float:
    """Seconds until it is ready when the pool is empty: the whole of provisioning, verification included."""
    assert pool.status().ready == 0
    return _timed(lambda: provisioning.provision(name), expected="clone", name=name)


def _timed(work: Any, *, expected: str, name: str) -> float:
    start = time.perf_counter()
    method = work()
    seconds = time.perf_counter() - start
    if method != expected:
        raise RuntimeError(f"{name} came by {method}, not by {expected}.")
    return seconds


def bare_replay(name: str) -> float:
    """Seconds of the same statements on a psycopg connection, in one transaction and nothing else."""
    statements = template.script().statements
    with _bare() as bare:
        start = time.perf_counter()
        with bare.transaction():
            bare.execute(f'CREATE SCHEMA "{name}"'.encode())
            bare.execute(f'SET LOCAL search_path = "{name}"'.encode())
            for statement in statements:
                bare.execute(statement.encode())
        return time.perf_counter() - start


def forget_bare(names: list[str]) -> None:
    with _bare() as bare:
        for name in names:
            bare.execute(f'DROP SCHEMA "{name}" CASCADE'.encode())


def _bare() -> psycopg.Connection[Any]:
    parameters = connection.get_connection_params()
    return psycopg.connect(
        dbname=parameters["dbname"], host=parameters["host"], user=parameters["user"], autocommit=True
    )


def retire(name: str) -> float:
    """Seconds that deleting an organization's schema makes its user wait."""
    start = time.perf_counter()
    deletion.retire(name, slug=name)
    return time.perf_counter() - start


def drop_all_and_count_locks() -> int:
    """Drop what waits in the trash; returns the most locks held by one transaction on the way."""
    most = 0

    def count(execute: Any, sql: str, params: Any, many: bool, ctx: Any) -> Any:
        nonlocal most
        result = execute(sql, params, many, ctx)
        with connection.connection.cursor() as plain:
            plain.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid'")
            most = max(most, plain.fetchone()[0])
        return result

    with connection.execute_wrapper(count):
        deletion.drop_retired()
    return most


def serve(url: str, schemas: list[str], requests: int, connections: int) -> dict[str, Any]:
    """As `make run` serves: persistent connections, renewed when they have touched too many schemas."""
    result = serving.serve(url, schemas, requests, connections, context.enter)
    return {**result, "limit": settings.TENANCY_SCHEMAS_PER_CONNECTION}


def mark_due(schemas: list[str]) -> float:
    """Give these organizations a client that needs the daily job; returns seconds with the due index kept."""
    return _make_due(schemas, index=True)


def write_without_index(schemas: list[str]) -> float:
    return _make_due(schemas, index=False)


def _make_due(schemas: list[str], *, index: bool) -> float:
    from shared_apps.tenancy import routing
    from shared_apps.tenancy.jobs import due
    from tenant_apps.clients.models import Client
    from tests.bench import ours_jobs

    start = time.perf_counter()
    for schema in schemas:
        with context.enter(routing.by_schema(schema)), transaction.atomic():
            Client.objects.create(name="Due", name_key="due", notes="due")
            if index:
                due.mark(ours_jobs.DAILY, timezone.now())
    return time.perf_counter() - start


def dispatch() -> int:
    from shared_apps.tenancy.jobs import dispatch as send
    from tests.bench import ours_jobs  # noqa: F401

    return send()


def undone(schemas: list[str]) -> int:
    """How many due clients are left."""
    with _bare() as bare:
        return sum(
            bare.execute(f"SELECT count(*) FROM \"{schema}\".clients_client WHERE notes = 'due'".encode()).fetchone()[0]
            for schema in schemas
        )


def web_data(clients: int, slug: str = "bench") -> str:
    """An organization with this many clients; returns an access token of its owner."""
    from datetime import timedelta

    from shared_apps.organizations import tokens
    from shared_apps.organizations.models import RefreshSession
    from shared_apps.organizations.signals import members_changed

    organizations([slug])
    organization = Organization.objects.get(slug=slug)
    owner = User.objects.get(email="owner@bench.example")
    with context.enter(organization.schema_name):
        members_changed.send(Organization, organization=organization, user_ids=[owner.pk])
        with connection.cursor() as cursor:
            cursor.execute(CLIENTS, {"clients": clients})
            cursor.execute("ANALYZE clients_client")
    now = timezone.now()
    session = RefreshSession.objects.create(
        organization=organization, user=owner, rotated_at=now, expires_at=now + timedelta(days=1)
    )
    settings.ACCESS_TOKEN_MINUTES = 600
    return tokens.issue(tokens.Claims(organization.pk, owner.pk, session.pk))


def page_cookie(slug: str = "bench") -> str:
    """The Cookie header of the organization's owner on its pages."""
    from django.http import HttpResponse

    from shared_apps.organizations import page_sessions

    organization = Organization.objects.get(slug=slug)
    owner = User.objects.get(email="owner@bench.example")
    answer = HttpResponse()
    page_sessions.set_cookie(answer, page_sessions.open_session(owner.pk, organization.pk))
    return f"{settings.PAGE_SESSION_COOKIE}={answer.cookies[settings.PAGE_SESSION_COOKIE].value}"


CLIENTS = """
INSERT INTO clients_client (id, kind, name, legal_name, document, email, phone, tags, notes, custom, name_key, cities,
                            search, version, created_at, updated_at)
SELECT gen_random_uuid(), 'person', 'Cliente ' || n, '', '', 'c' || n || '@clients.example', '+551199' || 1000000 + n,
       ARRAY['semanal', 'piscina'], 'A chave fica com o porteiro.', '{"pool_type": "vinil"}', 'cliente ' || n,
       ARRAY['São Paulo - SP'], to_tsvector('simple', 'cliente ' || n), 1, now(), now()
FROM generate_series(1, %(clients)s) AS n
"""
