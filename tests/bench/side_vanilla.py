"""What the plain django-tenants process does when the benchmark asks."""

from __future__ import annotations

import time
from typing import Any

from celery import Celery
from django.core.management import call_command
from django.db import connection
from django_tenants.utils import schema_context

from tenant_apps.clients.models import Client
from tests.bench import serving
from tests.bench.vanilla.firms.models import Domain, Firm


def setup() -> None:
    call_command("migrate_schemas", shared=True, verbosity=0)


def create(name: str) -> float:
    """Seconds of `create_schema` with migrations, as saving a tenant does it."""
    Firm.auto_create_schema = False
    firm = Firm.objects.create(schema_name=name, name=name)
    Domain.objects.create(domain=f"{name}.localhost", tenant=firm)
    start = time.perf_counter()
    firm.create_schema(check_if_exists=True, verbosity=0)
    return time.perf_counter() - start


def register(names: list[str]) -> None:
    """Rows for schemas that were copied into place."""
    Firm.auto_create_schema = False
    connection.set_schema_to_public()
    firms = Firm.objects.bulk_create([Firm(schema_name=name, name=name) for name in names])
    Domain.objects.bulk_create([Domain(domain=f"{firm.schema_name}.localhost", tenant=firm) for firm in firms])


def drop(name: str) -> float:
    """Seconds of DROP SCHEMA, what deleting a tenant makes its user wait for."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        start = time.perf_counter()
        cursor.execute(f'DROP SCHEMA "{name}" CASCADE')
        seconds = time.perf_counter() - start
    Firm.objects.filter(schema_name=name).delete()
    return seconds


def serve(url: str, schemas: list[str], requests: int, connections: int) -> dict[str, Any]:
    """A plain shared pool: persistent connections, any of them for any tenant."""
    return serving.serve(url, schemas, requests, connections, schema_context)


def mark_due(schemas: list[str]) -> None:
    for schema in schemas:
        with schema_context(schema):
            Client.objects.create(name="Due", name_key="due", notes="due")


def send(broker: str, task: str, arguments: list[Any]) -> None:
    Celery("bench", broker=broker).send_task(task, arguments)
