"""Each organization's files lie in its own folder, and no name leads out of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from shared_apps.organizations import lifecycle
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from shared_apps.tenancy.context import NoSchemaChosen
from shared_apps.tenancy.jobs import all_jobs
from shared_apps.tenancy.storage import OrganizationStorage


@pytest.fixture
def storage(tmp_path: Path) -> OrganizationStorage:
    return OrganizationStorage("django.core.files.storage.FileSystemStorage", {"location": tmp_path})


def test_one_name_is_another_file_in_each_organization(
    acme: Organization, globex: Organization, storage: OrganizationStorage, tmp_path: Path
) -> None:
    for organization in (acme, globex):
        with context.enter(organization.schema_name):
            assert storage.save("2026/a.txt", ContentFile(organization.slug.encode())) == "2026/a.txt"
    with context.enter(acme.schema_name):
        assert storage.open("2026/a.txt").read() == b"acme"
        assert storage.listdir("2026") == ([], ["a.txt"])
        storage.delete("2026/a.txt")
        assert not storage.exists("2026/a.txt")
    with context.enter(globex.schema_name):
        assert storage.exists("2026/a.txt")
        assert storage.listdir("1999") == ([], [])
    assert (tmp_path / str(globex.pk) / "2026/a.txt").read_bytes() == b"globex"


@pytest.mark.parametrize("name", ["../{other}/2026/a.txt", "2026/../../{other}/a", "/etc/passwd", "..\\a", "", "a//b"])
def test_no_name_leads_out(acme: Organization, globex: Organization, storage: OrganizationStorage, name: str) -> None:
    with context.enter(acme.schema_name), pytest.raises(SuspiciousFileOperation):
        storage.open(name.format(other=globex.pk))
    with context.enter(acme.schema_name), pytest.raises(SuspiciousFileOperation):
        storage.delete(name.format(other=globex.pk))


def test_outside_an_organization_there_are_no_files(acme: Organization, storage: OrganizationStorage) -> None:
    with pytest.raises(NoSchemaChosen):
        storage.save("a.txt", ContentFile(b"a"))
    with context.activate(None), pytest.raises(NoSchemaChosen):
        storage.exists("a.txt")


def test_a_gone_organizations_files_are_deleted_and_nobody_elses(
    acme: Organization, globex: Organization, storage: OrganizationStorage, tmp_path: Path
) -> None:
    for organization in (acme, globex):
        with context.enter(organization.schema_name):
            storage.save("2026/a.txt", ContentFile(b"a"))
            storage.save("logo/b.png", ContentFile(b"b"))
    assert storage.drop_organization(acme.pk) == 2
    assert storage.drop_organization(acme.pk) == 0
    assert [path.name for path in tmp_path.iterdir()] == [str(globex.pk)]


def test_deletion_asks_for_it(acme: Organization) -> None:
    from django.core.files.storage import default_storage

    with context.enter(acme.schema_name):
        default_storage.save("2026/a.txt", ContentFile(b"a"))
    job = next(job for job in all_jobs() if job.name == "organizations.delete_files")
    job.function(organization_id=str(acme.pk))
    with context.enter(acme.schema_name):
        assert default_storage.exists("2026/a.txt")  # the organization lives
    lifecycle.request_deletion(acme, cause="test")
    gone, schema = acme.pk, acme.schema_name
    lifecycle.delete_now(acme)
    job.function(organization_id=str(gone))
    assert schema
    assert default_storage._wrapped.inner.listdir("")[0].count(str(gone)) == 0  # type: ignore[attr-defined]
