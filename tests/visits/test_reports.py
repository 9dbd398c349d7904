"""Coming in, reporting, and correcting: what becomes of the visit, and what is refused."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from shared_apps.core.errors import FieldError, Stale
from tenant_apps.activity.models import Activity
from tenant_apps.clients.models import Asset
from tenant_apps.scheduling import services as scheduling
from tenant_apps.scheduling.errors import AppointmentCancelled, NotYours
from tenant_apps.scheduling.models import Appointment, Offering
from tenant_apps.team.models import Member
from tenant_apps.visits import services
from tenant_apps.visits.errors import NobodyShowed, SentDifferently
from tenant_apps.visits.models import LogRow, VisitReport
from tenant_apps.visits.services import Done, DoseGiven, ReadingGiven
from tests.factories.clients import AssetFactory
from tests.visits.conftest import NOW, PNG, book, given

pytestmark = pytest.mark.usefixtures("inside")


def save(visit: Appointment, actor: Member | None, **options: Any) -> VisitReport:
    options.setdefault("sent_key", uuid4())
    options.setdefault("given", given())
    return services.save_report(visit, actor=actor, now=NOW, **options)


def test_checking_in_begins_the_visit_once(visit: Appointment, member: Member) -> None:
    first = services.check_in(visit, actor=member, at=NOW, now=NOW)
    again = services.check_in(visit, actor=member, at=NOW + timedelta(minutes=5), now=NOW)
    visit.refresh_from_db()
    assert (first.pk, first.checked_in_at) == (again.pk, again.checked_in_at)
    assert visit.status == Appointment.Status.UNDER_WAY
    assert Activity.objects.filter(verb="visit.checked_in").count() == 1


def test_a_finished_report_finishes_the_visit_and_writes_the_log_book(
    visit: Appointment, member: Member, pool: Asset
) -> None:
    report = save(visit, member, given=given(pool, signature=PNG))
    visit.refresh_from_db()
    assert visit.status == Appointment.Status.DONE
    assert report.is_finished
    assert [(one.kind, one.is_low) for one in report.readings.order_by("kind")] == [
        ("free_chlorine", True),
        ("ph", False),
    ]
    assert default_storage.open(report.signature).read(4) == b"\x89PNG"
    row = LogRow.objects.get(asset=pool)
    assert (row.number, row.content["technician"]) == (1, str(member))
    assert row.content["readings"][1] == {"kind": "ph", "value": "7.4", "low": "7.2", "high": "7.8"}


def test_sent_twice_it_is_one_report_and_one_row(visit: Appointment, member: Member, pool: Asset) -> None:
    key = uuid4()
    first = save(visit, member, sent_key=key, given=given(pool, signature=PNG))
    kept = default_storage.listdir("signatures")[1]
    again = save(visit, member, sent_key=key, given=given(pool, signature=PNG))
    assert (first.pk, first.version, first.signature) == (again.pk, again.version, again.signature)
    assert LogRow.objects.count() == 1
    assert default_storage.listdir("signatures")[1] == kept


def test_an_older_send_that_comes_late_changes_nothing(visit: Appointment, member: Member) -> None:
    first, second = uuid4(), uuid4()
    save(visit, member, sent_key=first, given=given(notes="old", finish=False))
    save(visit, member, sent_key=second, given=given(notes="new"))
    assert save(visit, member, sent_key=first, given=given(notes="old", finish=False)).notes == "new"


def test_the_same_key_with_other_content_is_refused(
    visit: Appointment, member: Member, pool: Asset, offering: Offering
) -> None:
    key = uuid4()
    save(visit, member, sent_key=key, given=given(notes="one"))
    with pytest.raises(SentDifferently):
        save(visit, member, sent_key=key, given=given(notes="two"))
    other = book(pool, offering, member, start=NOW + timedelta(hours=3))
    with pytest.raises(SentDifferently):
        save(other, member, sent_key=key, given=given(notes="one"))


def test_what_is_corrected_is_a_new_row(visit: Appointment, member: Member, pool: Asset) -> None:
    report = save(visit, member, given=given(pool))
    out = report.checked_out_at
    fixed = given(pool, readings=[ReadingGiven("ph", Decimal("7.2"), pool.pk)])
    report = save(visit, member, given=fixed)
    save(visit, member, given=fixed)  # nothing is different: no third row
    assert report.checked_out_at == out
    assert [row.content["corrects"] for row in LogRow.objects.order_by("number")] == [None, 1]
    save(visit, member, given=given(pool, readings=[]))
    assert LogRow.objects.order_by("number").last().content["readings"] == []
    assert services.verify(pool.pk).is_whole
    assert Activity.objects.filter(verb="visit.corrected").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"readings": [ReadingGiven("ph", Decimal("74"))]}, "readings.0.value"),
        ({"readings": [ReadingGiven("ph", Decimal("NaN"))]}, "readings.0.value"),
        ({"readings": [ReadingGiven("ph", Decimal("7.12345"))]}, "readings.0.value"),
        ({"readings": [ReadingGiven("gold", Decimal(7))]}, "readings.0.kind"),
        ({"readings": [ReadingGiven("ph", Decimal(7), uuid4())]}, "readings.0.asset"),
        ({"readings": [ReadingGiven("ph", Decimal(7))] * 2}, "readings.1.kind"),
        ({"doses": [DoseGiven("Chlorine", Decimal(0))]}, "doses.0.amount"),
        ({"doses": [DoseGiven("Chlorine", Decimal("1e12"))]}, "doses.0.amount"),
        ({"doses": [DoseGiven(" ", Decimal(1))]}, "doses.0.product"),
        ({"doses": [DoseGiven("Chlorine", Decimal(1), "barrel")]}, "doses.0.unit"),
        ({"checklist": [Done("")]}, "checklist.0.label"),
        ({"checklist": [Done("x")] * 101}, "checklist"),
        ({"notes": "x" * 5001}, "notes"),
        ({"notes": "a\x00"}, "notes"),
        ({"checked_in_at": NOW + timedelta(days=1)}, "checked_in_at"),
        ({"checked_in_at": NOW - timedelta(days=400)}, "checked_in_at"),
        ({"checked_out_at": NOW - timedelta(hours=1)}, "checked_out_at"),
        ({"signature": "data:image/png;base64,AAAA"}, "signature"),
        ({"signature": "javascript:alert(1)"}, "signature"),
        ({"signature": f"{PNG[:40]}" + "A" * 200_000}, "signature"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_kept(
    visit: Appointment, member: Member, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldError) as refused:
        save(visit, member, given=given(**changes))
    assert refused.value.field == field
    visit.refresh_from_db()
    assert not VisitReport.objects.exists()
    assert visit.status == Appointment.Status.PENDING


def test_an_asset_of_another_client_is_refused(visit: Appointment, member: Member) -> None:
    with pytest.raises(FieldError):
        save(visit, member, given=given(AssetFactory()))


def test_only_ones_own_visits(pool: Asset, offering: Offering, member: Member, boss: Member) -> None:
    hers = book(pool, offering, boss)
    with pytest.raises(NotYours):
        save(hers, member)
    with pytest.raises(NotYours):
        services.check_in(hers, actor=member, at=NOW, now=NOW)
    assert save(book(pool, offering, member, start=NOW + timedelta(hours=2)), boss).by == boss


def test_cancelled_and_missed_visits_take_no_report(visit: Appointment, member: Member) -> None:
    scheduling.mark_no_show(visit, actor=None, at=visit.starts_at)
    with pytest.raises(NobodyShowed):
        save(visit, member)
    scheduling.reopen_appointment(visit, actor=None)
    scheduling.cancel_appointment(visit, actor=None)
    with pytest.raises(AppointmentCancelled):
        save(visit, member)


def test_two_who_edit_do_not_undo_each_other(visit: Appointment, member: Member) -> None:
    report = save(visit, member, given=given(finish=False))
    save(visit, member, given=given(notes="theirs"), expected=[report.version])
    with pytest.raises(Stale):
        save(visit, member, given=given(notes="mine"), expected=[report.version])
