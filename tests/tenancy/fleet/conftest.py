"""A small fleet of its own for each test, and migrations that are written while the test runs."""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import override_settings
from pytest_django import Settings

from shared_apps.tenancy import clone, context, provisioning, template
from shared_apps.tenancy.fleet import runner, wire
from shared_apps.tenancy.fleet.report import Report
from shared_apps.tenancy.models import MigrationRun, Schema
from shared_apps.tenancy.names import TEMPLATE, quote
from tenant_apps.activity import migrations as real

_numbers = count()

HEADER = """
from django.db import migrations, models, transaction

class Migration(migrations.Migration):
    dependencies = [("activity", {parent!r})]
"""


class Fleet:
    """Schemas `org_f1` ... and the directory their app `activity` takes its migrations from."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.module = directory.name
        self.names: list[str] = []
        self.last = max(path.stem for path in directory.glob("0*.py"))

    def grow(self, number: int) -> None:
        for _ in range(number):
            name = f"org_f{len(self.names) + 1}"
            provisioning.provision(name, kind=Schema.Kind.ORGANIZATION)
            self.names.append(name)

    def write(self, name: str, body: str) -> str:
        """A migration of the app, after the last one. `body` is indented into its class."""
        text = HEADER.format(parent=self.last) + textwrap.indent(textwrap.dedent(body), "    ")
        (self.directory / f"{name}.py").write_text(text)
        self.last = name
        self.reload()
        return name

    def add_field(self, name: str = "0900_field", column: str = "extra") -> str:
        field = f'migrations.AddField("activity", "{column}", models.CharField(max_length=50, null=True))'
        return self.write(name, f"operations = [{field}]")

    def reload(self) -> None:
        importlib.invalidate_caches()
        override = override_settings(MIGRATION_MODULES={"activity": self.module})
        override.enable()  # tells everybody who caches what the disk holds
        override.disable()

    def migrate(self, **options: Any) -> Report:
        return runner.migrate(runner.Options(**options))

    def columns(self, schema: str, table: str = "activity_activity") -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
                [schema, table],
            )
            return {column for (column,) in cursor.fetchall()}

    def recorded(self, schema: str) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT name FROM {quote(schema)}.django_migrations WHERE app = 'activity'")
            return {name for (name,) in cursor.fetchall()}

    def with_column(self, column: str = "extra") -> list[str]:
        return [name for name in self.names if column in self.columns(name)]

    def execute(self, schema: str, sql: str) -> None:
        with context.enter(schema), connection.cursor() as cursor:
            cursor.execute(sql)

    def run_count(self, schema: str, migration: str, state: str = "done") -> int:
        return MigrationRun.objects.filter(schema_name=schema, migration=migration, state=state).count()

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """`manage.py` in a process of its own, on the same database and migrations."""
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
        return subprocess.Popen(
            [sys.executable, str(configured.BASE_DIR / "manage.py"), *arguments],
            env={
                **os.environ,
                "DATABASE_URL": urlunsplit(url),
                "DJANGO_SETTINGS_MODULE": "tests.tenancy.fleet.settings",
                "FLEET_TEST_MIGRATIONS": self.module,
                "PYTHONPATH": os.pathsep.join([str(self.directory.parent), *sys.path]),
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def fleet(
    transactional_db: None, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Fleet]:
    """Three schemas at head; what the test writes comes after."""
    directory = tmp_path / f"fleet_migrations_{next(_numbers)}"
    shutil.copytree(Path(str(real.__file__)).parent, directory, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.syspath_prepend(str(tmp_path))
    Schema.objects.exclude(name=TEMPLATE).delete()  # other tests' organizations stay out of this
    template.ensure()
    script = template.script()
    settings.MIGRATION_MODULES = {"activity": directory.name}
    settings.TENANCY_POOL_SIZE = 0
    found = Fleet(directory)
    found.grow(3)
    yield found
    with connection.cursor() as cursor:
        for name in [*found.names, TEMPLATE]:
            cursor.execute(f"DROP SCHEMA IF EXISTS {quote(name)} CASCADE")
    clone.replay(TEMPLATE, script.statements)  # what migrations made of it would take seconds to build anew
    Schema.objects.all().delete()


@pytest.fixture
def other_session() -> Iterator[psycopg.Connection]:
    """Somebody else's connection to the same database."""
    parameters = connection.get_connection_params()
    plain = {key: value for key, value in parameters.items() if key not in wire.NOT_CONNECTION_PARAMETERS}
    with psycopg.connect(**plain) as session:
        yield session
