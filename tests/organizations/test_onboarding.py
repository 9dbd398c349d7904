"""Opening an organization: once, again, interrupted, twice at the same moment."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError
from shared_apps.organizations import lifecycle, onboarding
from shared_apps.organizations.errors import DocumentTaken, SlugTaken
from shared_apps.organizations.models import Domain, Membership, Organization
from shared_apps.organizations.onboarding import open_organization
from shared_apps.organizations.signals import organization_opened
from shared_apps.tenancy import context, provisioning
from shared_apps.tenancy.models import Tombstone
from tenant_apps.team.models import Member
from tests.organizations.browsing import Browser, sign_in


def test_an_organization_is_ready_for_its_owner(browser: Browser, dave: User, cast: object) -> None:
    organization = open_organization(slug="Initech", name="Initech Piscinas", owner=dave, document="16.727.230/0001-97")
    assert (organization.slug, organization.status) == ("initech", "active")
    assert organization.document == "16727230000197"
    assert Domain.objects.get(tenant=organization).domain == "initech.localhost"
    steps = list(organization.transitions.values_list("from_status", "to_status", "cause"))
    assert steps == [("", "provisioning", "onboarding"), ("provisioning", "active", "onboarding")]
    with context.enter(organization.schema_name):
        assert Member.objects.get().role == "owner"
    assert sign_in(browser(organization), "dave@nowhere.example").status_code == 200


def test_opening_again_changes_nothing(acme: Organization, alice: User) -> None:
    heard: list[Any] = []

    def hear(sender: object, **kwargs: Any) -> None:
        heard.append(kwargs["organization"])

    organization_opened.connect(hear)
    try:
        again = open_organization(slug="acme", name="Another name", owner=alice)
    finally:
        organization_opened.disconnect(hear)
    assert (again.pk, again.name, heard) == (acme.pk, acme.name, [])
    assert acme.transitions.count() == 2


def test_somebody_elses_address_is_taken(acme: Organization, carol: User, bob: User) -> None:
    for stranger in (carol, bob):
        with pytest.raises(SlugTaken) as refusal:
            open_organization(slug="ACME", name="Mine", owner=stranger)
        assert (refusal.value.status, refusal.value.field) == (409, "slug")


def test_an_address_is_never_given_out_twice(cast: object, dave: User) -> None:
    Tombstone.objects.create(schema_name="org_gone", slug="gone")
    with pytest.raises(SlugTaken):
        open_organization(slug="gone", name="Back again", owner=dave)


def test_a_document_belongs_to_one_organization(acme: Organization, dave: User) -> None:
    Organization.objects.filter(pk=acme.pk).update(document="16727230000197")
    with pytest.raises(DocumentTaken):
        open_organization(slug="copycat", name="Copy", owner=dave, document="16727230000197")
    assert not Organization.objects.filter(slug="copycat").exists()


def test_nothing_is_written_for_bad_input(cast: object, dave: User) -> None:
    before = Organization.objects.count()
    for wrong in [{"slug": "www"}, {"name": "\x00"}, {"timezone": "Nowhere"}, {"locale": "xx"}, {"document": "1"}]:
        with pytest.raises(FieldError) as refusal:
            open_organization(**{"slug": "fine", "name": "Fine", "owner": dave} | wrong)
        assert refusal.value.field == next(iter(wrong))
    assert Organization.objects.count() == before


class Crash(Exception):
    pass


@pytest.mark.parametrize("where", ["before the schema", "before it is active"])
def test_a_crash_between_steps_is_resumed(
    cast: object, dave: User, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_args: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(
            *((provisioning, "provision") if where == "before the schema" else (onboarding, "_activate")), crash
        )
        with pytest.raises(Crash):
            open_organization(slug="phoenix", name="Phoenix", owner=dave)
    assert Organization.objects.get(slug="phoenix").status == "provisioning"
    organization = open_organization(slug="phoenix", name="Phoenix", owner=dave)
    assert organization.status == "active"
    assert organization.transitions.count() == 2
    with context.enter(organization.schema_name):
        assert Member.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_open_one(cast: object, alice: User, dave: User) -> None:
    """Same owner: both end with the one organization. Another owner: one of them is refused."""
    for slug, owners in {"twice": [dave, dave], "contested": [alice, dave]}.items():
        results: list[Any] = []
        barrier = threading.Barrier(2)

        def run(owner: User, slug: str = slug, barrier: Any = barrier, results: list[Any] = results) -> None:
            with context.public():
                barrier.wait()
                try:
                    results.append(open_organization(slug=slug, name=slug, owner=owner))
                except SlugTaken as refusal:
                    results.append(refusal)
                finally:
                    connection.close()

        threads = [threading.Thread(target=run, args=[owner]) for owner in owners]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        organization = Organization.objects.get(slug=slug)
        assert organization.status == "active"
        assert organization.transitions.count() == 2
        assert Membership.objects.filter(organization=organization).count() == 1
        refused = [result for result in results if isinstance(result, SlugTaken)]
        assert len(refused) == len(set(owners)) - 1
        with context.enter(organization.schema_name):
            assert Member.objects.count() == 1


def test_opening_asks_little(cast: object, dave: User, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(60) as asked:
        organization = open_organization(slug="quick", name="Quick", owner=dave)
    assert lifecycle.Status(organization.status) == "active"
    own = [q["sql"] for q in asked if "organizations_" in q["sql"] or "team_member" in q["sql"]]
    assert len(own) <= 14, "\n".join(own)
