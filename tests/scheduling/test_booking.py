"""What may be booked, what is refused with its field, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared_apps.core.errors import FieldError, Stale
from shared_apps.core.ids import uuid7
from tenant_apps.activity.models import Activity
from tenant_apps.clients import services as clients
from tenant_apps.clients.errors import ClientArchived
from tenant_apps.scheduling import services
from tenant_apps.scheduling.errors import (
    AppointmentCancelled,
    AppointmentFinished,
    AppointmentStarted,
    DoubleBooked,
    NotCancelled,
    NotStarted,
    TooEarly,
)
from tenant_apps.scheduling.guards import LineGiven
from tenant_apps.scheduling.models import Appointment, Booking, Cancellation, Line
from tenant_apps.scheduling.queries import appointments_between
from tenant_apps.scheduling.signals import appointment_changed, appointment_done, appointment_undone
from tests.scheduling.conftest import HOUR, Firm, monday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def test_a_booking_keeps_who_what_where_and_what_it_costs(firm: Firm) -> None:
    lines = [LineGiven(firm.offering.pk, firm.pool.pk, quantity=2), LineGiven(firm.offering.pk, price=Decimal("0.05"))]
    made = firm.book("09:00", firm.alice, firm.bob, place=firm.place, lines=lines, notes=" Gate code 12 ")
    assert (made.price, made.status, made.notes) == (Decimal("240.05"), "pending", "Gate code 12")
    assert {(row.member_id, row.starts_at, row.ends_at, row.stands) for row in made.bookings.all()} == {
        (member.pk, monday(), monday() + HOUR, True) for member in (firm.alice, firm.bob)
    }
    assert [(line.asset, line.price) for line in made.lines.all()] == [
        (firm.pool, Decimal("120.00")), (None, Decimal("0.05")),
    ]  # fmt: skip
    told = Activity.objects.get(verb="appointment.created", subject_id=made.pk)
    assert told.after["professionals"] == ["Alice", "Bob"]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"ends_at": monday}, "ends_at", "end_before_start"),
        ({"ends_at": lambda: monday() + 25 * HOUR}, "ends_at", "too_long"),
        ({"starts_at": lambda: monday() + timedelta(days=3000), "ends_at": lambda: monday() + timedelta(days=3000.01)},
         "starts_at", "too_far"),
        ({"arrival_until": lambda: monday() + 2 * HOUR}, "arrival_until", "outside_appointment"),
        ({"place": uuid7}, "place", "unknown_place"),
        ({"member_ids": lambda: [uuid7()]}, "member_ids", "unknown_member"),
        ({"lines": lambda: [LineGiven(uuid7())]}, "lines.0.offering", "unknown_offering"),
        ({"price": lambda: Decimal("-0.01")}, "price", "out_of_range"),
        ({"price": lambda: Decimal("NaN")}, "price", "out_of_range"),
        ({"price": lambda: Decimal("1e400")}, "price", "out_of_range"),
        ({"status": lambda: "done"}, "status", "invalid_choice"),
        ({"notes": lambda: "x" * 5001}, "notes", "max_length"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(firm: Firm, wrong: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(FieldError) as refused:
        firm.book("09:00", firm.alice, **{name: make() for name, make in wrong.items()})
    assert (refused.value.field, refused.value.code) == (field, code)
    assert not Appointment.objects.exists()


def test_what_belongs_to_others_is_not_taken(firm: Firm) -> None:
    other = clients.create_client(actor=None, name="Bia")
    theirs = clients.add_place(other, actor=None, city="Santos")
    pool = clients.add_asset(theirs, actor=None, name="Pool")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"place": theirs}, "place"),
        ({"lines": [LineGiven(firm.offering.pk, pool.pk)]}, "lines.0.asset"),
        ({"lines": [LineGiven(firm.offering.pk, quantity=Decimal("0"))]}, "lines.0.quantity"),
        ({"lines": [LineGiven(firm.offering.pk, quantity=10_000, price=Decimal(9_000_000))]}, "price"),
    ]
    for fields, field in wrong:
        with pytest.raises(FieldError) as refused:
            firm.book(**fields)
        assert refused.value.field == field
    services.update_offering(firm.offering, actor=None, is_active=False)
    with pytest.raises(FieldError, match="no longer offered"):
        firm.book(lines=[LineGiven(firm.offering.pk)])
    firm.bob.is_active = False
    firm.bob.save()
    with pytest.raises(FieldError, match="not in the team any more"):
        firm.book("09:00", firm.bob)
    clients.archive_client(firm.client, actor=None)
    with pytest.raises(ClientArchived):
        firm.book()


def test_a_collision_says_with_whom_and_when_else(firm: Firm) -> None:
    taken = firm.book("09:00", firm.alice)
    with pytest.raises(DoubleBooked) as refused:
        firm.book("09:30", firm.bob, firm.alice)
    assert "Alice is with Ana Souza" in refused.value.detail
    extra = refused.value.extra
    assert [row["appointment"] for row in extra["collisions"]] == [str(taken.pk)]
    assert [slot["starts_at"][11:16] for slot in extra["alternatives"]] == ["08:00", "10:00", "10:30"]
    assert extra["errors"][0]["code"] == "double_booked"
    assert Appointment.objects.count() == 1
    firm.book("09:00", firm.bob)
    firm.book("10:00", firm.alice)
    firm.book("09:00")  # nobody's yet


def test_a_name_full_of_percent_signs_is_only_a_name(firm: Firm) -> None:
    clients.update_client(firm.client, actor=None, name="100%(x)s %s")
    firm.book("09:00", firm.alice)
    with pytest.raises(DoubleBooked, match="100%"):
        firm.book("09:00", firm.alice)


def test_moving_takes_the_professionals_along(firm: Firm) -> None:
    made = firm.book("09:00", firm.alice, arrival_until=monday("09:30"))
    moved = services.move_appointment(
        made,
        actor=firm.alice,
        starts_at=monday("14:00"),
        ends_at=monday("15:30"),
        member_ids=[firm.bob.pk],
        expected=[1],
    )
    assert [(row.member, row.starts_at, row.ends_at) for row in Booking.objects.all()] == [
        (firm.bob, monday("14:00"), monday("15:30"))
    ]
    assert (moved.version, moved.arrival_until, moved.is_detached) == (2, monday("14:30"), False)
    same = services.move_appointment(moved, actor=None, starts_at=moved.starts_at, ends_at=moved.ends_at)
    assert same.version == 2
    with pytest.raises(Stale):
        services.move_appointment(made, actor=None, starts_at=monday(), ends_at=monday() + HOUR, expected=[1])


def test_moving_into_another_is_refused_and_nothing_changes(firm: Firm) -> None:
    firm.book("09:00", firm.alice)
    second = firm.book("11:00", firm.alice)
    with pytest.raises(DoubleBooked):
        services.move_appointment(second, actor=None, starts_at=monday("09:30"), ends_at=monday("10:30"))
    second.refresh_from_db()
    assert (second.starts_at, second.version) == (monday("11:00"), 1)
    longer = services.update_appointment(second, actor=None, ends_at=monday("13:00"))
    assert longer.bookings.get().ends_at == monday("13:00")


def test_lines_and_price_follow_a_change(firm: Firm) -> None:
    made = firm.book(lines=[LineGiven(firm.offering.pk)])
    services.update_offering(firm.offering, actor=None, is_active=False, price=Decimal("200"))
    changed = services.update_appointment(
        made, actor=None, lines=[LineGiven(firm.offering.pk, price=Decimal("110"), quantity=2)], price=None, notes="x"
    )
    assert (changed.price, changed.notes, Line.objects.count()) == (Decimal("220.00"), "x", 1)


def test_cancelled_the_time_is_free_and_restoring_asks_again(firm: Firm) -> None:
    made = firm.book("09:00", firm.alice)
    services.cancel_appointment(made, actor=firm.alice, reason="rain")
    again = services.cancel_appointment(made, actor=firm.alice, reason="twice")
    assert (again.version, Cancellation.objects.count()) == (2, 1)
    with pytest.raises(AppointmentCancelled):
        services.update_appointment(made, actor=None, notes="x")
    other = firm.book("09:00", firm.alice)
    with pytest.raises(DoubleBooked):
        services.restore_appointment(made, actor=None)
    services.cancel_appointment(other, actor=None)
    restored = services.restore_appointment(made, actor=firm.bob)
    assert (restored.cancellation, restored.bookings.get().stands) == (None, True)
    assert Cancellation.objects.get(appointment=made).undone_by == firm.bob
    with pytest.raises(NotCancelled):
        services.restore_appointment(made, actor=None)


def test_states_go_forth_and_back_and_each_is_told_once(firm: Firm) -> None:
    told: list[str] = []
    receivers = {
        appointment_done: lambda **kwargs: told.append("done"),
        appointment_undone: lambda **kwargs: told.append("undone"),
        appointment_changed: lambda **kwargs: told.append(kwargs["change"]),
    }
    for signal, receiver in receivers.items():
        signal.connect(receiver, weak=False)
    try:
        made = firm.book("09:00", firm.alice)
        with pytest.raises(NotStarted):
            services.reopen_appointment(made, actor=None)
        with pytest.raises(TooEarly):
            services.mark_no_show(made, actor=None, at=monday("08:00"))
        services.confirm_appointment(made, actor=None)
        services.start_appointment(made, actor=None, at=monday())
        with pytest.raises(AppointmentStarted):
            services.cancel_appointment(made, actor=None)
        for _twice in range(2):
            done = services.complete_appointment(made, actor=None, at=monday("10:00"))
        assert (done.status, done.finished_at) == ("done", monday("10:00"))
        with pytest.raises(AppointmentFinished):
            services.mark_no_show(made, actor=None, at=monday("10:00"))
        with pytest.raises(AppointmentFinished):
            services.update_appointment(made, actor=None, notes="x")
        reopened = services.reopen_appointment(made, actor=None)
        assert (reopened.status, reopened.finished_at) == ("confirmed", None)
        services.mark_no_show(made, actor=None, at=monday("09:30"))
        with pytest.raises(AppointmentFinished):
            services.complete_appointment(made, actor=None, at=monday("10:00"))
    finally:
        for signal, receiver in receivers.items():
            signal.disconnect(receiver)
    assert told == ["created", "done", "undone"]


def test_what_a_receiver_refuses_did_not_happen(firm: Firm) -> None:
    made = firm.book()

    def refuse(**kwargs: object) -> None:
        raise AppointmentFinished

    appointment_done.connect(refuse)
    try:
        with pytest.raises(AppointmentFinished):
            services.complete_appointment(made, actor=None, at=monday())
    finally:
        appointment_done.disconnect(refuse)
    made.refresh_from_db()
    assert made.status == "pending"


def test_reading_a_time_costs_three_statements(firm: Firm, django_assert_num_queries: Any) -> None:
    for hour in (8, 9, 10):
        firm.book(f"{hour:02}:00", firm.alice, lines=[LineGiven(firm.offering.pk, firm.pool.pk)])
    services.cancel_appointment(firm.book("11:00", firm.alice), actor=None)
    start, end = monday("08:30"), monday("12:00")
    with django_assert_num_queries(3):
        found = list(appointments_between(start, end, member_ids=[firm.alice.pk]))
        said = [(str(a), [str(b.member) for b in a.bookings.all()], [str(x) for x in a.lines.all()]) for a in found]
    assert said == [("Ana Souza", ["Alice"], ["Cleaning"])] * 3
    assert not list(appointments_between(start, end, member_ids=[firm.bob.pk]))
