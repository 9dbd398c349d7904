"""Visit reports and log books over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tenant_apps.clients.models import Asset
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.team.models import Member
from tenant_apps.visits.models import VisitReport
from tests.visits.conftest import NOW, PNG, book

pytestmark = pytest.mark.usefixtures("inside")
URL = "/api/v1/visit-reports/"
Check = Callable[..., None]


def body(visit: Appointment, pool: Asset, **changes: Any) -> dict[str, Any]:
    full = {
        "appointment": str(visit.pk),
        "sent_key": str(uuid4()),
        "checked_in_at": NOW.isoformat(),
        "checklist": [{"label": "Brush", "done": True}],
        "readings": [{"kind": "ph", "value": "7.4", "asset": str(pool.pk)}],
        "doses": [{"product": "Chlorine", "amount": "200", "unit": "g", "asset": str(pool.pk)}],
        "signature": PNG,
        "signed_by": "Maria",
        "finish": True,
    }
    return {**full, **changes}


def test_reporting_twice_is_reporting_once(
    staff: APIClient, visit: Appointment, pool: Asset, no_organization_sees: Check
) -> None:
    sent = body(visit, pool)
    first, again = staff.post(URL, sent), staff.post(URL, sent)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    told = first.json()
    assert told["readings"][0]["value"] == "7.4"
    assert (told["finished"], told["signed"], told["doses"][0]["amount"]) == (True, True, "200")
    shown = staff.get(f"{URL}{told['id']}/")
    assert (shown.json(), shown["ETag"]) == (told, '"v1"')
    picture = staff.get(f"{URL}{told['id']}/signature/")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    for address in (f"{URL}{told['id']}/", f"{URL}{told['id']}/signature/"):
        no_organization_sees("get", address)
    no_organization_sees("post", URL, there=422, data=sent)
    assert staff.post(URL, {**sent, "notes": "other"}).json()["code"] == "sent_differently"


def test_correcting_wants_the_version(
    staff: APIClient, visit: Appointment, pool: Asset, no_organization_sees: Check
) -> None:
    made = staff.post(URL, body(visit, pool)).json()
    url, change = f"{URL}{made['id']}/", {"notes": "Corrected", "readings": []}
    assert staff.put(url, change).status_code == 428
    assert staff.put(url, change, HTTP_IF_MATCH='"v9"').status_code == 412
    changed = staff.put(url, change, HTTP_IF_MATCH='"v1"').json()
    assert (changed["version"], changed["notes"], changed["finished"]) == (2, "Corrected", True)
    no_organization_sees("put", url, data=change)


def test_the_list_is_filtered_and_says_what_it_does_not_know(
    staff: APIClient, visit: Appointment, pool: Asset, member: Member
) -> None:
    made = staff.post(URL, body(visit, pool)).json()
    for query in (f"member={member.pk}", f"asset={pool.pk}", f"appointment={visit.pk}", "finished=true", ""):
        assert [row["id"] for row in staff.get(f"{URL}?{query}").json()["results"]] == [made["id"]], query
    assert staff.get(f"{URL}?finished=false").json()["count"] == 0
    assert staff.get(f"{URL}?client={uuid4()}").json()["count"] == 0
    assert staff.get(f"{URL}?until=2001-01-01").json()["count"] == 0
    for query in ("colour=red", "member=x", "from=tomorrow", "finished=maybe"):
        assert staff.get(f"{URL}?{query}").status_code == 400, query


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"readings": [{"kind": "ph", "value": "99"}]}, "readings.0.value"),
        ({"readings": [{"kind": "ph", "value": "NaN"}]}, "readings.0.value"),
        ({"readings": "x"}, "readings"),
        ({"appointment": str(uuid4())}, "appointment"),
        ({"signature": "x"}, "signature"),
        ({"colour": "x"}, "colour"),
        ({"notes": "a\x00"}, "notes"),
        ({"checked_in_at": "soon"}, "checked_in_at"),
        ({"checklist": [{"label": "Brush"}] * 5000}, "checklist"),
        ({"readings": [{"kind": "ph", "value": "7"}] * 5000}, "readings"),
        ({"doses": [None] * 5000}, "doses"),
    ],
)
def test_bad_reports_are_named(
    staff: APIClient, visit: Appointment, pool: Asset, changes: dict[str, Any], field: str
) -> None:
    answer = staff.post(URL, body(visit, pool, **changes))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), answer.content
    assert not VisitReport.objects.exists()


def test_a_colleagues_visit_is_not_ones_own(
    staff: APIClient, owner: APIClient, pool: Asset, offering: Offering, boss: Member
) -> None:
    hers = book(pool, offering, boss)
    assert staff.post(URL, body(hers, pool)).json()["code"] == "not_yours"
    assert owner.post(URL, body(hers, pool)).status_code == 201


def test_the_log_book_and_its_proof(
    staff: APIClient, visit: Appointment, pool: Asset, no_organization_sees: Check
) -> None:
    staff.post(URL, body(visit, pool))
    url = f"/api/v1/assets/{pool.pk}/log-book/"
    row = staff.get(url).json()["results"][0]
    assert row["content"]["readings"][0]["value"] == "7.4"
    proof = staff.get(f"{url}verification/").json()
    assert proof == {"whole": True, "rows": 1, "broken": None, "last_hash": row["hash"]}
    no_organization_sees("get", url)
    no_organization_sees("get", f"{url}verification/")
