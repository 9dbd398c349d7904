"""/clients/: finding, filtering, and what is done to many at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Client
from tests.factories.clients import ClientFactory, CustomFieldFactory, PlaceFactory, a_cpf

URL = "/clients/"
HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("inside")
Pages = Callable[[User | None, Organization], Browser]


@pytest.fixture
def hers(pages: Pages, acme: Organization, alice: User) -> Browser:
    return pages(alice, acme)


def test_an_empty_book_says_what_it_is_for(hers: Browser) -> None:
    answer = hers.get(URL)
    assert answer.status_code == 200
    assert "No clients yet" in answer.content.decode()


def test_finds_as_one_types_and_keeps_the_address_short(hers: Browser) -> None:
    ClientFactory(name="Sílvia Ávila")
    ClientFactory(name="Bruno Prado")
    answer = hers.get(URL, {"search": "silv", "sort": "", "tag": ""}, headers=HTMX)
    page = answer.content.decode()
    assert "Sílvia Ávila" in page
    assert "Bruno Prado" not in page
    assert "<html" not in page
    assert answer["HX-Push-Url"] == "/clients/?search=silv"
    assert "<html" in hers.get(URL, headers={**HTMX, "HX-History-Restore-Request": "true"}).content.decode()


@pytest.mark.parametrize(
    "query", ["tag=vip", "city=Campinas+-+SP", "city=SP", "custom.pool_type=vinil", "tag=vip&search=ana&kind=person"]
)
def test_filters_of_the_address_are_chips(hers: Browser, query: str) -> None:
    CustomFieldFactory()
    ana = ClientFactory(name="Ana", tags=["vip"], custom={"pool_type": "vinil"})
    PlaceFactory(client=ana)
    ClientFactory(name="Bruno", kind="company")
    page = hers.get(f"{URL}?{query}").content.decode()
    assert "Ana" in page
    assert "Bruno" not in page
    assert 'class="chip"' in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "sort=secret", "archived=9", "custom.x=1", "kind=%00", "city=%00"]
)
def test_what_nobody_understands_is_left_out(hers: Browser, query: str) -> None:
    ClientFactory(name="Ana")
    assert "Ana" in hers.get(f"{URL}?{query}").content.decode()


def test_pages_of_fifty_in_six_statements(hers: Browser) -> None:
    for number in range(52):
        PlaceFactory(client=ClientFactory(name=f"Client {number:02}", tags=["a"]))
    with CaptureQueriesContext(connection) as statements:
        first = hers.get(URL).content.decode()
    assert len(statements) <= 6, [one["sql"] for one in statements]
    assert first.count('name="ids"') == 50
    second = hers.get(f"{URL}?page=2").content.decode()
    assert second.count('name="ids"') == 2
    with CaptureQueriesContext(connection) as statements:
        assert "of 52" in hers.get(f"{URL}?search=client").content.decode()
    assert len(statements) <= 6, [one["sql"] for one in statements]
    assert hers.get(f"{URL}?page=3").status_code == 404


def test_what_people_type_is_text(hers: Browser) -> None:
    ClientFactory(name="<b>Ana</b>", legal_name="<i>x</i>", tags=["<u>"], email='"<s>"@clients.example')
    page = hers.get(f"{URL}?tag=%3Cu%3E").content.decode()
    for tag in ("<b>Ana", "<i>x", "<u>", "<s>"):
        assert tag not in page


def test_many_get_a_tag_and_lose_it(hers: Browser, inside: object) -> None:
    ids = [ClientFactory().pk for _ in range(3)]
    Client.objects.filter(pk=ids[0]).update(tags=["vip"])
    hers.post(f"{URL}tags/", {"ids": ids, "tag": " VIP "})
    assert Client.objects.filter(tags__contains=["vip"]).count() == 3
    assert Activity.objects.filter(verb="client.updated").count() == 2
    hers.post(f"{URL}tags/", {"ids": ids, "tag": "vip", "remove": "1"})
    assert not Client.objects.filter(tags__contains=["vip"]).exists()


@pytest.mark.parametrize("many", [3, 30])
def test_many_are_archived_in_seven_statements(hers: Browser, many: int) -> None:
    """Six of ours, and one question of those who would go to them."""
    ids = [ClientFactory().pk for _ in range(many)]
    with CaptureQueriesContext(connection) as statements:
        hers.post(f"{URL}archival/", {"ids": ids})
    assert len([one for one in statements if "SAVEPOINT" not in one["sql"]]) <= 7
    assert Client.objects.archived().count() == many


def test_many_are_archived_and_it_is_undone(hers: Browser) -> None:
    ids = [ClientFactory().pk for _ in range(3)]
    answer = hers.post(f"{URL}archival/", {"ids": ids, "next": "/clients/?search=x"})
    assert answer["Location"] == "/clients/?search=x"
    assert Client.objects.archived().count() == 3
    page = hers.get(URL).content.decode()
    undo = page.split('data-undo="')[1].split('"')[0]
    answer = hers.post(undo, {"undo": "1"}, headers={**HTMX, "HX-Current-URL": "http://acme.localhost/clients/"})
    assert answer["HX-Redirect"] == "/clients/"
    assert Client.objects.standing().count() == 3
    assert Activity.objects.filter(verb="client.restored").count() == 3


def test_restoring_leaves_those_whose_document_is_taken(hers: Browser) -> None:
    first, second = (ClientFactory(document=a_cpf(1), name="First"), ClientFactory(name="Second"))
    hers.post(f"{URL}archival/", {"ids": [first.pk, second.pk]})
    ClientFactory(document=a_cpf(1), name="Third")
    hers.post(f"{URL}restoration/", {"ids": [first.pk, second.pk]})
    assert set(Client.objects.standing().values_list("name", flat=True)) == {"Second", "Third"}
    assert "Still archived" in hers.get(URL).content.decode()


def test_no_button_that_one_may_not_press(pages: Pages, acme: Organization, bob: User) -> None:
    ClientFactory()
    page = pages(bob, acme).get(URL).content.decode()
    assert "/clients/new/" in page
    assert "/clients/archival/" not in page


def test_the_filters_offer_what_there_is(hers: Browser) -> None:
    CustomFieldFactory()
    PlaceFactory(client=ClientFactory(tags=["vip"]))
    with CaptureQueriesContext(connection) as statements:
        panel = hers.get(f"{URL}filters/?tag=gone").content.decode()
    assert len(statements) <= 6
    for offered in ("vip", "gone", "Campinas - SP", "Tipo de piscina", "vinil"):
        assert offered in panel
