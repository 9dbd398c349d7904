"""Feature flags: off, on for a percentage, on or off for one; the same answer at every look."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shared_apps.console import flags
from shared_apps.console.models import FeatureFlag, FlagChoice
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tests.console.test_staff import counts

pytestmark = pytest.mark.usefixtures("empty_cache")


def test_what_nobody_made_is_off(acme: Organization) -> None:
    assert not flags.allowed("nothing", acme.pk)


def test_a_percentage_grows_and_takes_nobodys_away(db: None) -> None:
    everybody = [uuid4() for _ in range(400)]
    had: set[UUID] = set()
    for percent in (0, 10, 50, 100):
        FeatureFlag.objects.update_or_create(name="new", defaults={"percent": percent})
        cache.clear()
        have = {one for one in everybody if flags.allowed("new", one)}
        assert had <= have
        assert abs(len(have) - 4 * percent) < 50
        had = have
    assert had == set(everybody)


def test_an_organizations_own_choice_counts_first(acme: Organization, globex: Organization) -> None:
    flag = FeatureFlag.objects.create(name="new", percent=0)
    FlagChoice.objects.create(flag=flag, organization=acme, is_on=True)
    with context.enter(acme.schema_name):
        assert flags.allowed("new")
    with context.enter(globex.schema_name):
        assert not flags.allowed("new")
    assert not flags.allowed("new")  # on the platform's host


def test_a_second_look_asks_the_cache_alone(acme: Organization) -> None:
    FeatureFlag.objects.create(name="new", percent=100)
    assert flags.allowed("new", acme.pk)
    with CaptureQueriesContext(connection) as statements:
        assert flags.allowed("new", acme.pk)
    assert len(statements) == 0


@pytest.mark.parametrize("form", [{"name": "a b"}, {"percent": "101"}, {"percent": "-1"}, {"name": ""}])
def test_a_flag_typed_wrong(form: dict[str, str], console: Client) -> None:
    path = "/console/console/featureflag/add/"
    assert console.post(path, {"name": "new", "percent": "5", **counts(console, path), **form}).status_code == 200
    assert not FeatureFlag.objects.exists()


def test_an_edit_holds_at_once(
    console: Client, acme: Organization, django_capture_on_commit_callbacks: pytest.FixtureRequest
) -> None:
    flag = FeatureFlag.objects.create(name="new", percent=0)
    assert not flags.allowed("new", acme.pk)
    path = f"/console/console/featureflag/{flag.pk}/change/"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        answer = console.post(path, {"name": "new", "percent": "100", "note": "", **counts(console, path)})
    assert answer.status_code == 302
    assert flags.allowed("new", acme.pk)
