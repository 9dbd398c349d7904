"""django-tenants' own ways to switch go through our door and leave it as they found it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django_tenants.utils import get_tenant_model, schema_context, tenant_context

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.team.models import Member


def test_schema_context(acme: Organization, globex: Organization) -> None:
    with schema_context(acme.schema_name):
        assert context.active().schema == connection.schema_name == acme.schema_name
        assert Member.objects.count() == 2
        with schema_context(globex.schema_name):
            assert Member.objects.count() == 1
        assert Member.objects.count() == 2
    assert context.active().is_public


def test_tenant_context(acme: Organization, globex: Organization) -> None:
    for organization, members in ((acme, 2), (globex, 1)):
        with tenant_context(get_tenant_model().objects.get(pk=organization.pk)):
            assert Member.objects.count() == members


def test_what_was_active_is_restored_whole() -> None:
    with context.enter("cell_one", with_public=False) as before:
        with schema_context("cell_two"):
            assert context.active().schema == connection.tenant.schema_name == "cell_two"
        assert context.active() is before
    with context.activate(None):
        with schema_context("cell_two"):
            pass
        assert context.active_or_none() is None


def test_set_schema_and_back_to_public() -> None:
    with context.activate(None):
        connection.set_schema("cell_one", include_public=False)
        assert context.active() == context.Active("cell_one", None, False)
        connection.set_schema_to_public()
        assert context.active().is_public


def test_a_new_connection_chooses_nothing_for_anybody() -> None:
    with context.activate(None):
        connection.copy()
        assert context.active_or_none() is None


@pytest.mark.parametrize("name", ["pg_catalog", 'a"b'])
def test_bad_names(name: str) -> None:
    with pytest.raises((ValueError, ValidationError)):
        connection.set_schema(name)
