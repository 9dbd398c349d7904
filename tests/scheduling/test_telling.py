"""A series is told of once: when a person makes it, changes what people wait for, or ends it; never by the night."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tenant_apps.notifications.models import Notification
from tenant_apps.scheduling import local, services
from tenant_apps.scheduling.models import Contract
from tests.scheduling.conftest import Firm, monday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]
WEEK = timedelta(days=7)


@pytest.fixture
def contract(firm: Firm) -> Contract:
    services.change_policy(actor=None, works_on_holidays=True)
    firm.client.email = "ana@clients.example"
    firm.client.save()
    return services.create_contract(
        actor=firm.alice, client=firm.client, title="Pool care", rrule="FREQ=WEEKLY", starts_on=local.day_of(monday()),
        time=time(9), member_ids=[firm.alice.pk, firm.bob.pk],
    )  # fmt: skip


def told() -> list[tuple[str, str]]:
    """Events and whom they went to, oldest first; then all is forgotten."""
    found = list(Notification.objects.order_by("id").values_list("event", "recipient_type", "recipient_id"))
    Notification.objects.all().delete()
    return sorted({(event.removeprefix("appointment."), kind) for event, kind, _pk in found})


def test_a_series_is_one_message_with_its_rhythm(firm: Firm, contract: Contract) -> None:
    assert contract.appointments.count() > 5
    to_client = Notification.objects.filter(recipient_type="client")
    assert [(one.event, one.subject_id, one.channel) for one in to_client] == [
        ("appointment.created", contract.pk, "email")
    ]
    said = to_client.get().values
    assert "Pool care · Every week on Monday" in str(said)
    members = set(Notification.objects.filter(recipient_type="member").values_list("recipient_id", flat=True))
    assert members == {firm.bob.pk}  # alice did it


@pytest.mark.parametrize(
    ("changes", "events"),
    [
        ({"time": time(14)}, [("changed", "client"), ("changed", "member")]),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=2"}, [("changed", "client"), ("changed", "member")]),
        ({"notes": "Ring twice"}, []),
        ({"title": "Care of the pool"}, []),
    ],
)
def test_only_what_people_wait_for_is_told(
    firm: Firm, contract: Contract, changes: dict[str, Any], events: list[tuple[str, str]]
) -> None:
    told()
    services.update_contract(contract, actor=firm.alice, **changes)
    assert told() == events


def test_this_and_following_is_one_message(firm: Firm, contract: Contract) -> None:
    told()
    third = contract.appointments.order_by("starts_at")[2]
    start = third.starts_at + timedelta(hours=4)
    services.change_visit(
        third, actor=firm.alice, scope="following", starts_at=start, ends_at=start + timedelta(hours=1)
    )
    assert Notification.objects.filter(recipient_type="client").count() == 1
    assert told() == [("changed", "client"), ("changed", "member")]


def test_the_night_tells_nobody(contract: Contract) -> None:
    told()
    assert services.generate_visits(today=local.day_of(monday()) + 3 * WEEK, now=timezone.now()) > 0
    assert told() == []


def test_a_pause_without_end_says_that_the_next_visit_is_off(firm: Firm, contract: Contract) -> None:
    told()
    services.pause_contract(contract, actor=firm.alice, starts_on=local.day_of(monday()))
    assert told() == [("cancelled", "client"), ("cancelled", "member")]
    services.resume_contract(contract, actor=firm.alice, on=local.day_of(monday()))
    assert told() == [("changed", "client"), ("changed", "member")]
