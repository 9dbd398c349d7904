"""How the rows of a search are read: walked in their order, or found through the search index and sorted."""

from __future__ import annotations

import orjson
import pytest
from django.db import connection
from rest_framework.test import APIClient

from shared_apps.web.api import rows
from tenant_apps.clients import queries, services
from tests.clients.test_api_list import URL, names
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.usefixtures("inside")


def fill(clients: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO clients_client (id, version, created_at, updated_at, kind, name, legal_name, document, email,
                   phone, tags, notes, custom, name_key, cities, search)
               SELECT gen_random_uuid(), 1, now(), now(), 'person', 'Client ' || n, '', '', '', '', '{}',
                      repeat('note ', 60), '{}',
                   'client ' || n, '{}', array_to_tsvector(ARRAY['client', n::text, 'rare' || n / 10])
               FROM generate_series(1, %s) n""",
            [clients],
        )
        cursor.execute("ANALYZE clients_client")


def test_a_rare_word_is_found_through_the_search_index(subtests: pytest.Subtests) -> None:
    """The planner would walk all names for a word it knows nothing of; see `rows`."""
    fill(20_000)
    for typed in ("rare7", "zzz", "client rare7", "98765"):
        with subtests.test(typed):
            found = queries.clients(queries.Wanted(search=typed))
            plan = rows.sorted_out(found, ["name_key", "id"], slice(0, 51)).explain()
            assert "clients_client_find" in plan, plan
            count = found.order_by().values("pk")[: rows.COUNT_CAP + 1].explain()
            assert "clients_client_find" in count, count


def test_words_are_walked_in_the_order_of_names(subtests: pytest.Subtests) -> None:
    """Whatever the planner thinks of the words."""
    fill(20_000)
    for typed in ("client", "rare7", "client 4321"):
        with subtests.test(typed):
            _assert_walked(queries.Wanted(search=typed))


def _assert_walked(wanted: queries.Wanted) -> None:
    """Among all names, and among those that begin with the first word."""
    for within in (None, queries.first_of(wanted)):
        found = queries.clients(wanted, read=True)
        plan = rows.walked(found, queries.client_rows, ["name_key", "id"], slice(0, 51), within=within).explain()
        assert "clients_client_by_name" in plan, plan
        assert "Sort" not in plan
        assert "clients_client_find" not in plan


@pytest.mark.parametrize("ordering", ["name", "-name", "created_at", "-created_at"])
def test_many_are_paged_alike_by_walking_and_by_sorting(
    staff: APIClient, monkeypatch: pytest.MonkeyPatch, ordering: str
) -> None:
    for number in range(9):
        ClientFactory(name=f"{'Late' if number % 3 else 'Early'} {number}")
    asked = {"search": "late", "ordering": ordering, "page_size": 2}
    expected = [names(staff.get(URL, {**asked, "page": page})) for page in (1, 2, 3)]
    monkeypatch.setattr(rows, "COUNT_CAP", 1)
    for walk in (0, 1, 4, 100):
        monkeypatch.setattr(rows, "WALK", walk)
        assert [names(staff.get(URL, {**asked, "page": page})) for page in (1, 2, 3)] == expected


def test_whoever_is_called_so_comes_first_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when those are too many to walk, or when the others are."""
    for name in ("Rita Ávila", "Avila Norte", "Ana d'Ávila", "Avila Sul", "Zoe Ávila", "Aviário", "Bruno"):
        ClientFactory(name=name)
    services.archive_client(ClientFactory(name="Avila Antiga"), actor=None)
    wanted = queries.Wanted(search="ávila")
    found = ["Avila Norte", "Avila Sul", "Ana d'Ávila", "Rita Ávila", "Zoe Ávila"]
    for walk in (0, 1, 2, 3, 5, 100):
        monkeypatch.setattr(rows, "WALK", walk)
        for size in (1, 2, 3, 5, 50):
            shown: list[str] = []
            for number in range(1, -(-len(found) // size) + 1):
                page = rows.page(
                    queries.clients(wanted),
                    queries.client_rows,
                    ("name_key", "id"),
                    number=number,
                    size=size,
                    sought=True,
                    counted=False,
                    first=queries.first_of(wanted),
                    walking=queries.clients(wanted, read=True),
                )
                shown += [orjson.loads(row)["name"] for row in page.rows]
                assert page.has_next == (number * size < len(found))
                assert page.count >= min(number * size, len(found))
                assert page.capped or page.count == len(found)
            assert shown == found, (walk, size)
