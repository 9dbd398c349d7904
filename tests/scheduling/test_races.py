"""At the same moment, really committed: one is booked, the other is told; a series is refused as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier, Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.clients import services as clients
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.errors import DoubleBooked, SeriesCollides
from tenant_apps.scheduling.models import Appointment, Booking, Contract
from tenant_apps.scheduling.services import series
from tenant_apps.scheduling.services.locks import locked_contract
from tests.scheduling.conftest import HOUR, Firm, monday

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], object]


def at_once(acme: Organization, works: Sequence[Work]) -> list[object]:
    """What each gave, or the refusal it met."""
    barrier = Barrier(len(works))

    def run(work: Work) -> object:
        with context.enter(acme.schema_name):
            try:
                barrier.wait(timeout=20)
                return work()
            except (DoubleBooked, SeriesCollides) as refused:
                return refused
            finally:
                connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_of_many_who_want_one_professional_one_wins(acme: Organization, firm: Firm) -> None:
    with context.enter(acme.schema_name):
        others = [clients.create_client(actor=None, name=f"Client {n}") for n in range(6)]
    works = [
        lambda n=n, client=client: firm.book("09:00" if n % 2 else "09:30", firm.alice, firm.bob, client=client)
        for n, client in enumerate(others)
    ]
    answers = at_once(acme, works)
    assert sum(isinstance(answer, Appointment) for answer in answers) == 1
    refused = [answer for answer in answers if isinstance(answer, DoubleBooked)]
    assert len(refused) == 5
    assert all(len(one.extra["alternatives"]) == 3 and one.extra["collisions"] for one in refused)
    with context.enter(acme.schema_name):
        assert (Appointment.objects.count(), Booking.objects.count()) == (1, 2)


def test_a_series_and_a_booking_do_not_share_a_professional(acme: Organization, firm: Firm) -> None:
    with context.enter(acme.schema_name):
        start = local.day_of(monday(weeks=1))
        other = clients.create_client(actor=None, name="Bia")

    def series() -> object:
        return services.create_contract(
            actor=None, client=firm.client, rrule="FREQ=WEEKLY", starts_on=start, time=time(9), member_ids=[firm.bob.pk]
        )

    def booking() -> object:
        return firm.book("09:30", firm.bob, weeks=3, client=other, overrule=True)

    answers = at_once(acme, [series, booking])
    assert sum(isinstance(answer, (DoubleBooked, SeriesCollides)) for answer in answers) == 1
    with context.enter(acme.schema_name):
        if isinstance(answers[0], SeriesCollides):
            assert (Contract.objects.count(), Appointment.objects.count()) == (0, 1)
        else:
            assert Appointment.objects.filter(contract=None).count() == 0


def test_two_nights_at_once_make_each_visit_once(acme: Organization, firm: Firm) -> None:
    with context.enter(acme.schema_name):
        start = local.day_of(monday())
        contract = services.create_contract(
            actor=None, client=firm.client, rrule="FREQ=DAILY", starts_on=start, time=time(9), member_ids=[firm.bob.pk]
        )
        before = contract.appointments.count()
        today = local.day_of(monday(weeks=2))
    counts = at_once(acme, [lambda: services.generate_visits(today=today, now=monday() - 24 * HOUR)] * 2)
    with context.enter(acme.schema_name):
        days = contract.appointments.values_list("occurrence_on", flat=True)
        assert len(days) == len(set(days)) == before + sum(counts)  # type: ignore[arg-type] # these are numbers
        assert min(counts) == 0  # type: ignore[type-var]


def test_a_night_and_who_changes_a_contract_meanwhile_do_not_wait_in_a_ring(
    acme: Organization, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "CHUNK", 1)
    with context.enter(acme.schema_name):
        start = local.day_of(monday())
        contracts = [
            services.create_contract(
                actor=None, client=firm.client, rrule="FREQ=WEEKLY", starts_on=start, time=time(9 + n),
                member_ids=[firm.bob.pk],
            )
            for n in range(2)
        ]  # fmt: skip
        today = local.day_of(monday(weeks=3))
    held = Event()

    def night() -> object:
        assert held.wait(60)
        return services.generate_visits(today=today, now=monday() - 24 * HOUR)

    def change() -> object:
        with transaction.atomic():
            contract = locked_contract(contracts[1].pk)
            held.set()
            wait_until_somebody_waits()
            return services.update_contract(contract, actor=None, time=time(15))

    made, changed = at_once(acme, [night, change])
    assert isinstance(made, int)
    assert isinstance(changed, Contract)
    with context.enter(acme.schema_name):
        assert {local.moment(visit.occurrence_on, time(15)) for visit in changed.appointments.all()} == set(
            changed.appointments.values_list("starts_at", flat=True)
        )


def wait_until_somebody_waits() -> None:
    """Until another transaction waits for a lock of ours."""
    deadline = monotonic() + 60
    while monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("Nobody waits.")
