"""Each breach of the two worlds is an error, and what the house does is none."""

# ruff: noqa: DJ008 - throw-away models
from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.checks import CheckMessage, run_checks
from django.db import models
from django.db.migrations import Migration
from django.test.utils import isolate_apps

from shared_apps.core.ids import uuid7
from shared_apps.tenancy import checks

TENANT = {"cells"}


class Keyed(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7)

    class Meta:
        abstract = True
        app_label = "cells"


def ids(found: Iterable[CheckMessage]) -> list[str | None]:
    return [message.id for message in found]


def test_the_house_passes() -> None:
    assert run_checks(tags=[checks.TAG]) == []


@isolate_apps()
@pytest.mark.parametrize("field", [models.ForeignKey, models.OneToOneField])
@pytest.mark.parametrize(("here", "there"), [("cells", "world"), ("world", "cells")])
@pytest.mark.parametrize("constrained", [True, False])
def test_a_key_that_crosses(field: Any, here: str, there: str, constrained: bool) -> None:
    class Target(models.Model):
        class Meta:
            app_label = there

    class Source(models.Model):
        target = field(Target, models.CASCADE, db_constraint=constrained)

        class Meta:
            app_label = here

    assert ids(checks.crossing([Target, Source], TENANT)) == ["tenancy.E002"]
    assert ids(checks.crossing([Target, Source], {"cells", "world"})) == []
    assert ids(checks.crossing([Target, Source], set())) == []


@isolate_apps()
def test_a_key_that_crosses_by_name_or_through_a_table_between() -> None:
    class ByName(Keyed):
        user = models.ForeignKey("accounts.User", models.CASCADE)
        parent = models.ForeignKey("self", models.CASCADE)
        sibling = models.ForeignKey("cells.Other", models.CASCADE)

    class Many(Keyed):
        users = models.ManyToManyField("accounts.User")

    assert ids(checks.crossing([ByName], TENANT)) == ["tenancy.E002"]
    assert "tenancy.E002" in ids(checks.crossing([Many], TENANT))


@isolate_apps()
def test_a_table_in_both_worlds() -> None:
    class Here(Keyed):
        class Meta:
            app_label = "cells"
            db_table = "twice"

    class There(models.Model):
        class Meta:
            app_label = "world"
            db_table = "twice"

    assert ids(checks.same_tables([Here, There], TENANT)) == ["tenancy.E003"]
    assert ids(checks.same_tables([Here], TENANT)) == []


@isolate_apps()
def test_keys() -> None:
    class Serial(models.Model):
        class Meta:
            app_label = "cells"

    class Random(models.Model):
        id = models.UUIDField(primary_key=True)

        class Meta:
            app_label = "cells"

    class Right(Keyed):
        pass

    class Child(Right):
        pass

    class Shared(models.Model):
        class Meta:
            app_label = "world"

    class Proxy(Serial):
        class Meta:
            app_label = "cells"
            proxy = True

    found = list(checks.tenant_models([Serial, Random, Right, Child, Shared, Proxy], TENANT))
    assert [(message.id, message.obj) for message in found] == [("tenancy.E004", Serial), ("tenancy.E004", Random)]


@isolate_apps()
def test_implicit_tables_and_generic_relations() -> None:
    class Tag(Keyed):
        pass

    class Implicit(Keyed):
        tags = models.ManyToManyField(Tag)

    class Link(Keyed):
        tag = models.ForeignKey(Tag, models.CASCADE)
        thing = models.ForeignKey("Explicit", models.CASCADE)

    class Explicit(Keyed):
        tags = models.ManyToManyField(Tag, through=Link)

    class Generic(Keyed):
        kind = models.ForeignKey(ContentType, models.CASCADE)
        object_id = models.UUIDField()
        thing = GenericForeignKey("kind", "object_id")

    class Reverse(Keyed):
        things = GenericRelation(Generic, "object_id", "kind")

    assert ids(checks.tenant_models([Tag, Implicit], TENANT)) == ["tenancy.E005"]
    assert ids(checks.tenant_models([Tag, Link, Explicit], TENANT)) == []
    assert ids(checks.tenant_models([Generic], TENANT)) == ["tenancy.E006"]
    assert ids(checks.tenant_models([Reverse], TENANT)) == ["tenancy.E006"]
    assert ids(checks.crossing([Generic], TENANT)) == ["tenancy.E002"]


def test_migrations_that_wait_for_public() -> None:
    def migration(**attributes: Any) -> Migration:
        return type("Migration", (Migration,), attributes)("0001_initial", "cells")

    right = migration(dependencies=[("cells", "0001")])
    dependent = migration(dependencies=[("contenttypes", "0001_initial")])
    swapped = migration(dependencies=[("__setting__", "AUTH_USER_MODEL")])
    before = migration(run_before=[("accounts", "0001_initial")])
    assert ids(checks.foreign_dependencies([right], TENANT)) == []
    for wrong in (dependent, swapped, before):
        assert ids(checks.foreign_dependencies([wrong], TENANT)) == ["tenancy.E007"]


def test_an_app_in_both_worlds_or_none(settings: Any) -> None:
    settings.TENANT_APPS = [*settings.TENANT_APPS, "shared_apps.core"]
    assert ids(checks.check_worlds(None)) == ["tenancy.E001"]
    settings.TENANT_APPS = settings.TENANT_APPS[1:-1]
    assert ids(checks.check_worlds(None)) == ["tenancy.E009"]


@pytest.mark.parametrize("app", ["django.contrib.sessions", "django.contrib.contenttypes", "shared_apps.accounts"])
def test_people_and_sessions_in_tenants(settings: Any, app: str) -> None:
    settings.SHARED_APPS = [name for name in settings.SHARED_APPS if name != app]
    settings.TENANT_APPS = [*settings.TENANT_APPS, app]
    assert "tenancy.E008" in ids(checks.check_worlds(None))


def test_an_app_named_by_its_configuration_counts(settings: Any) -> None:
    settings.SHARED_APPS = [name for name in settings.SHARED_APPS if name != "shared_apps.core"]
    settings.SHARED_APPS.append("shared_apps.core.apps.CoreConfig")
    assert checks.check_worlds(None) == []


def test_manage_py_check_fails() -> None:
    """As the build runs it."""
    program = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
from django.conf import settings
settings.TENANT_APPS
settings.TENANT_APPS.append("shared_apps.core")
django.setup()
from django.core.management import call_command
call_command("check")
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert "tenancy.E001" in result.stderr
