"""The suite's own footing: every table and column of an organization holds something worth stealing."""

from __future__ import annotations

from shared_apps.tenancy import context
from tests.isolation.conftest import Worlds
from tests.isolation.world import contents, tables, tenant_models


def test_every_table_has_a_row(worlds: Worlds) -> None:
    for world in (worlds.acme, worlds.globex):
        assert {table for table, _column, _value in contents(world.schema)} == set(tables(world.schema))


def test_every_text_column_is_planted_with_a_word(worlds: Worlds) -> None:
    """What is left out holds no text of anybody: codes of a fixed list, counters, times, and what GRAMMAR explains."""
    missing = set()
    with context.enter(worlds.acme.schema):
        for model in tenant_models():
            row = worlds.acme[model._meta.label]
            for column in model._meta.concrete_fields:
                free = column.get_internal_type() in {"CharField", "TextField", "EmailField", "SearchVectorField"}
                if free and not column.choices and "acme" not in str(getattr(row, column.attname)):
                    missing.add(f"{model._meta.label}.{column.name}")
    assert missing == {
        "clients.Client.document",
        "clients.Client.phone",
        "clients.Place.postal_code",
        "clients.Place.state",
        "files.Attachment.content_type",
        "files.Attachment.subject_type",
        "finance.FinancePolicy.pix_city",
        "finance.ProviderAccount.key_end",
        "notifications.ChannelAccount.secret_end",
        "notifications.Notification.event",
        "notifications.Template.event",
        "reports.Run.report",
        "reports.Subscription.report",
        "scheduling.Contract.rrule",
        "scheduling.ContractVariation.rrule",
        "scheduling.Offering.colour",
        "scheduling.SchedulePolicy.country",
        "scheduling.SchedulePolicy.state",
        "team.Member.role",
        "transfers.Import.kind",
        "visits.Dose.unit",
        "visits.Reading.kind",
    }


def test_the_evidence_is_rich_and_the_other_way_round_too(worlds: Worlds) -> None:
    assert {"52998224725", "zqacme-client-name", str(worlds.acme["clients.Client"].pk)} <= worlds.of_acme
    assert {"11144477735", "zqglobex-client-name"} <= worlds.of_globex
    assert not worlds.of_acme & worlds.of_globex
    assert len(worlds.of_acme) > 40
