"""Each organization's figures, written down at night."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from shared_apps.organizations import figures
from shared_apps.organizations.models import Organization, OrganizationFigures
from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import Visit, run_chunk
from shared_apps.tenancy.models import JobRun
from tenant_apps.clients import services as clients
from tenant_apps.finance.models import Entry, Payment

NIGHT = datetime(2026, 3, 1, 3, 40, tzinfo=UTC)  # 00:40 in São Paulo


def test_the_day_that_has_ended(acme: Organization, globex: Organization) -> None:
    with context.enter(acme.schema_name):
        ana = clients.create_client(actor=None, name="Ana")
        entry = Entry.objects.create(
            client=ana, description="x", amount=50, paid=50, issued_on=date(2026, 2, 1), due_on=date(2026, 2, 9)
        )
        Payment.objects.create(entry=entry, amount=Decimal("30.50"), paid_on=date(2026, 2, 28))
        Payment.objects.create(entry=entry, amount=Decimal("19.50"), paid_on=date(2026, 3, 1))
    for organization in (acme, globex):
        visit = Visit(organization.schema_name, organization.pk, slot=NIGHT, due_at=NIGHT)
        assert run_chunk(figures.ROLL_UP, [visit], now=NIGHT) == {"done": 1}
    found = OrganizationFigures.objects.get(organization=acme)
    assert (found.day, found.clients, found.members, found.revenue) == (date(2026, 2, 28), 1, 2, Decimal("30.50"))
    other = OrganizationFigures.objects.get(organization=globex)
    assert (other.clients, other.members, other.revenue) == (0, 1, Decimal(0))
    assert found.schema_bytes > 1_000_000  # some eighty tables and their indexes
    assert JobRun.objects.get(schema_name=acme.schema_name, job=figures.ROLL_UP).result["figures"] == 6


def test_again_on_the_same_day_is_the_same_row(acme: Organization) -> None:
    with context.enter(acme.schema_name):
        figures.roll_up(now=NIGHT)
        clients.create_client(actor=None, name="Ana")
        figures.roll_up(now=NIGHT + timedelta(hours=3))
    assert OrganizationFigures.objects.get(organization=acme).clients == 1
