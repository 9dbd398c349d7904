"""Two people at the same movement at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from shared_apps.core.errors import DomainError
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.banking import services
from tenant_apps.banking.models import StatementLine
from tenant_apps.banking.services import Part
from tenant_apps.finance.models import Payment
from tests.banking.conftest import DAY, brought, csv, owed

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acme: Organization, *works) -> list[str]:  # type: ignore[no-untyped-def]
    barrier = Barrier(len(works))

    def run(work) -> str:  # type: ignore[no-untyped-def]
        try:
            with context.enter(acme.schema_name):
                barrier.wait(10)
                work()
                return "done"
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_a_movement_is_explained_once_and_a_file_is_brought_once(acme: Organization) -> None:
    now = timezone.now()
    with context.enter(acme.schema_name):
        one, two = owed("100.00"), owed("100.00")
        [line] = brought((DAY, "x", "100.00"))

    def explain(entry):  # type: ignore[no-untyped-def]
        parts = [Part(entry.pk, Decimal(100))]
        return lambda: services.explain_with_entries(line, actor=None, parts=parts, now=now)

    assert at_once(acme, explain(one), explain(two)) == ["already_explained", "done"]
    rows = csv(*[(DAY, f"y{number}", "1.00") for number in range(50)])
    bring = lambda: services.bring_statement(rows, name="y.csv", actor=None)  # noqa: E731
    assert at_once(acme, bring, bring) == ["done", "done"]
    with context.enter(acme.schema_name):
        assert Payment.objects.count() == 1
        assert StatementLine.objects.count() == 51
