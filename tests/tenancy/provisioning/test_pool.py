"""The warm pool: a claim is a rename, and no two claims get the same schema."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections
from pytest_django import DjangoAssertNumQueries, Settings

from shared_apps.tenancy import checksum, deletion, locks, pool, template
from shared_apps.tenancy.context import enter, public
from shared_apps.tenancy.models import ProvisionStep, Schema, Tombstone
from shared_apps.tenancy.names import TEMPLATE
from tenant_apps.team.models import Member
from tests.tenancy.provisioning.conftest import schemas


def test_a_claim_renames_a_ready_schema(full_pool: int) -> None:
    assert pool.claim("org_new")

    assert len(schemas("pool_")) == full_pool - 1
    record = Schema.objects.get(name="org_new")
    assert (record.kind, record.state) == (Schema.Kind.ORGANIZATION, Schema.State.READY)
    assert record.checksum == checksum.of("org_new") == checksum.of(TEMPLATE)
    assert ProvisionStep.objects.get(schema_name="org_new").state == ProvisionStep.State.DONE
    with enter("org_new"):
        assert not Member.objects.exists()


def test_a_claim_is_two_statements_past_djangos_cursors(
    full_pool: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2) as sent:
        pool.claim("org_new")
    assert [query["sql"].split()[0] for query in sent.captured_queries] == ["SAVEPOINT", "RELEASE"]


def test_nothing_to_claim_in_an_empty_pool(empty_pool: None) -> None:
    assert not pool.claim("org_new")
    assert not Schema.objects.filter(name="org_new").exists()


def test_a_name_that_is_known_or_was_used_up_claims_nothing(full_pool: int) -> None:
    Schema.objects.create(name="org_known", kind=Schema.Kind.ORGANIZATION)
    Tombstone.objects.create(schema_name="org_dead", slug="dead")

    assert not pool.claim("org_known")
    assert not pool.claim("org_dead")
    assert pool.status().ready == full_pool


def test_a_name_the_engine_would_not_make_is_refused(full_pool: int, subtests: pytest.Subtests) -> None:
    for name in ("public", "pg_temp", "Acme", "org-acme", 'x"; DROP', "x" * 64, "", "org_\x00"):
        with subtests.test(name), pytest.raises(ValueError, match="cannot name a schema"):
            pool.claim(name)


def test_refilling_makes_what_is_missing_and_tells_how_far_it_is(empty_pool: None) -> None:
    seen: list[tuple[int, int]] = []

    assert pool.refill(2, progress=lambda made, wanted: seen.append((made, wanted))) == 2
    assert pool.refill(2) == 0
    assert seen == [(1, 2), (2, 2)]
    assert pool.status().ready == 2
    assert pool.status().template_at_head


def test_schemas_of_an_earlier_head_go_to_the_trash(full_pool: int) -> None:
    Schema.objects.filter(kind=Schema.Kind.POOL).update(head="an earlier one")
    old = schemas("pool_")
    assert pool.status().stale == len(old)

    pool.refill(1)

    assert not schemas("pool_") & old
    assert Schema.objects.filter(kind=Schema.Kind.TRASH, former_name__in=old).count() == len(old)
    deletion.drop_retired()
    assert schemas("trash_") == set()


def test_it_is_not_refilled_while_the_template_is_behind(full_pool: int, settings: Settings) -> None:
    template.ensure()
    Schema.objects.filter(name=TEMPLATE).update(head="a later release's")
    Schema.objects.filter(kind=Schema.Kind.POOL).update(head="a later release's")

    assert pool.refill(5) == 0
    assert len(schemas("pool_")) == full_pool  # the other release's are left alone


@pytest.mark.django_db(transaction=True)
def test_claims_at_the_same_moment_get_different_schemas(leave_nothing: None) -> None:
    pool.refill(3)
    everyone = Barrier(4)

    def claim(name: str) -> bool:
        try:
            with public():
                connection.ensure_connection()
                everyone.wait(10)
                return pool.claim(name)
        finally:
            connections.close_all()

    names = [f"org_racer_{number}" for number in range(4)]
    with ThreadPoolExecutor(4) as threads:
        claimed = list(threads.map(claim, names))

    assert sorted(claimed) == [False, True, True, True]
    assert schemas("org_racer_") == {name for name, got in zip(names, claimed, strict=True) if got}
    assert schemas("pool_") == set()
    assert Schema.objects.filter(kind=Schema.Kind.ORGANIZATION, name__in=names).count() == 3


@pytest.mark.django_db(transaction=True)
def test_claims_of_one_name_at_the_same_moment_make_one_schema(leave_nothing: None) -> None:
    from shared_apps.tenancy.provisioning import provision

    pool.refill(2)
    everyone = Barrier(3)

    def once(_: int) -> str:
        try:
            with public():
                connection.ensure_connection()
                everyone.wait(10)
                return provision("org_wanted")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(once, range(3))) == ["existing", "existing", "pool"]
    assert len(schemas("pool_")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_refill_at_once(leave_nothing: None) -> None:
    with locks.held(pool.LOCK):
        assert pool.refill(1) == 0
    assert pool.refill(1) == 1
