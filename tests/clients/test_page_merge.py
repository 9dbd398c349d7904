"""Duplicates, merging, views of one's own, and the fields an organization adds."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.activity.models import Activity
from tenant_apps.clients import services
from tenant_apps.clients.models import Client, CustomField, SavedView
from tenant_apps.files.models import Attachment
from tests.factories.clients import ClientFactory, CustomFieldFactory, PlaceFactory, a_cnpj, a_cpf

URL = "/clients/"
pytestmark = pytest.mark.usefixtures("inside")
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture
def hers(pages: Pages, acme: Organization, alice: User) -> Browser:
    return pages(alice, acme)


def test_finds_those_who_are_there_twice(hers: Browser) -> None:
    ClientFactory(name="José Ávila", phone="19987654321")
    ClientFactory(name="Jose Avila")
    ClientFactory(name="Zé", phone="19987654321")
    ClientFactory(name="Bruno")
    with CaptureQueriesContext(connection) as statements:
        page = hers.get(f"{URL}duplicates/").content.decode()
    assert len(statements) <= 6
    for shown in ("José Ávila", "Jose Avila", "Zé", "same phone", "same name"):
        assert shown in page
    assert "Bruno" not in page


def test_two_become_one(hers: Browser) -> None:
    CustomFieldFactory()
    ana = ClientFactory(name="Ana", notes="hers", tags=["vip"], phone="19987654321")
    firm = ClientFactory(
        name="Ana Ltda", kind="company", document=a_cnpj(1), notes="its", tags=["b"], phone="19987650000",
        custom={"pool_type": "vinil"},
    )  # fmt: skip
    PlaceFactory(client=firm)
    Attachment.objects.create(subject_type="clients.client", subject_id=firm.pk, name="photo.jpg", size=1)
    path = f"{URL}{ana.pk}/merge/{firm.pk}/"
    with CaptureQueriesContext(connection) as statements:
        preview = unescape(hers.get(path).content.decode())
    assert len(statements) <= 6
    assert "(19) 98765-0000" in preview
    assert "Campinas - SP" in preview
    answer = hers.post(path, {"pick-phone": "other", "pick-name": "", "version": 1, "other_version": 2})
    assert answer["Location"] == f"{URL}{ana.pk}/"
    kept = Client.objects.get(pk=ana.pk)
    assert kept.name == "Ana"
    assert kept.phone == "+5519987650000"
    assert (kept.kind, kept.document) == ("company", a_cnpj(1))
    assert kept.notes == "hers\n\nits"
    assert kept.tags == ["vip", "b"]
    assert kept.custom == {"pool_type": "vinil"}
    assert kept.cities == ["Campinas - SP"]
    assert kept.places.count() == 1
    assert Attachment.objects.get().subject_id == ana.pk
    other = Client.objects.get(pk=firm.pk)
    assert other.is_archived
    assert other.cities == []
    assert "client.merged" in set(Activity.objects.filter(subject_id=ana.pk).values_list("verb", flat=True))
    page = hers.get(f"{URL}{firm.pk}/").content.decode()
    assert f'href="{URL}{ana.pk}/"' in page
    assert hers.get(f"{URL}?search=campinas").content.decode().count('name="ids"') == 1


def test_a_merge_of_what_changed_since_is_refused(hers: Browser) -> None:
    first, second = ClientFactory(), ClientFactory()
    services.update_client(second, actor=None, notes="new")
    path = f"{URL}{first.pk}/merge/{second.pk}/"
    assert hers.post(path, {"version": 1, "other_version": 1}).status_code == 412
    assert hers.get(f"{URL}{first.pk}/merge/{first.pk}/").status_code == 409
    services.archive_client(second, actor=None)
    assert hers.post(path).status_code == 409
    assert Client.objects.get(pk=first.pk).version == 1


def test_what_only_one_may_do(pages: Pages, acme: Organization, bob: User) -> None:
    first, second = ClientFactory(document=a_cpf(1)), ClientFactory()
    assert pages(bob, acme).post(f"{URL}{first.pk}/merge/{second.pk}/").status_code == 403


def test_a_view_is_kept_for_oneself(hers: Browser, pages: Pages, acme: Organization, bob: User) -> None:
    answer = hers.post(f"{URL}views/", {"name": "VIPs", "address": "tag=VIP&page=3&nonsense=1"})
    assert answer["Location"] == "/clients/?tag=vip"
    assert "VIPs" in hers.get(URL).content.decode()
    his = pages(bob, acme)
    assert "VIPs" not in his.get(URL).content.decode()
    view = SavedView.objects.get()
    assert his.post(f"{URL}views/{view.pk}/removal/").status_code == 404
    assert hers.post(f"{URL}views/", {"name": "", "address": "tag=vip"}).status_code == 422
    hers.post(f"{URL}views/{view.pk}/removal/")
    assert not SavedView.objects.exists()


def test_columns_are_the_members_own(hers: Browser, pages: Pages, acme: Organization, bob: User) -> None:
    CustomFieldFactory()
    ClientFactory(document=a_cpf(1), custom={"pool_type": "vinil"}, tags=["seldom"])
    assert "Tipo de piscina" in hers.get(f"{URL}columns/").content.decode()
    hers.post(f"{URL}columns/", {"column": ["custom.pool_type", "document", "created_at", "nonsense"]})
    page = hers.get(URL).content.decode()
    for shown in ("Tipo de piscina", "vinil", "Since", f"{a_cpf(1)[:3]}."):
        assert shown in page
    assert "seldom" not in page
    assert "seldom" in pages(bob, acme).get(URL).content.decode()


def test_a_field_is_defined_changed_and_removed(hers: Browser) -> None:
    sent = {"label": "Tipo de piscina", "type": "choice", "choices": "vinil\nfibra\n", "position": "1"}
    hers.post(f"{URL}fields/", sent)
    field = CustomField.objects.get()
    assert (field.key, field.choices) == ("tipo_de_piscina", ["vinil", "fibra"])
    hers.post(f"{URL}fields/", sent)
    assert CustomField.objects.filter(key="tipo_de_piscina_2").exists()
    refused = hers.post(f"{URL}fields/", {**sent, "choices": ""})
    assert refused.status_code == 422
    assert "A choice has choices" in refused.content.decode()
    ClientFactory(custom={"tipo_de_piscina": "vinil"})
    hers.post(f"{URL}fields/{field.pk}/", {"label": "Piscina", "choices": "vinil", "position": "0"})
    field.refresh_from_db()
    assert (field.label, field.type, field.choices) == ("Piscina", "choice", ["vinil"])
    hers.post(f"{URL}fields/{field.pk}/removal/")
    assert Client.objects.get().custom == {}
