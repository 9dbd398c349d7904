"""Reports by e-mail: each month once, about the month before, in the organization's own time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.utils import translation

from shared_apps.accounts.models import User
from shared_apps.mail.models import Mail
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context
from tenant_apps.notifications import queries
from tenant_apps.notifications.models import Notification
from tenant_apps.reports import sending, services
from tenant_apps.reports.asked import Asked
from tenant_apps.reports.catalogue import REPORTS
from tenant_apps.reports.models import Run, Subscription
from tenant_apps.team.models import Member

ZONE = ZoneInfo("America/Sao_Paulo")
pytestmark = pytest.mark.usefixtures("inside")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=ZONE)


@pytest.fixture
def wanted(alice: User) -> Subscription:
    actor = Member.objects.get(user_id=alice.pk)
    asked = Asked(first=date(2026, 1, 1), status="overdue_receivable")
    return services.subscribe(
        REPORTS["entries"],
        asked,
        format="pdf",
        day=5,
        to=["a@x.example", "b@x.example"],
        actor=actor,
        now=at(2026, 8, 20),
    )


def mails() -> int:
    with context.public():
        return Mail.objects.filter(template="reports/monthly").count()


def test_each_month_once(wanted: Subscription) -> None:
    assert services.next_sending() == at(2026, 9, 5, 8)
    assert services.send_due(now=at(2026, 9, 5, 7, 59)) == 0
    assert services.send_due(now=at(2026, 9, 5, 8)) == 1
    assert services.send_due(now=at(2026, 9, 5, 8, 1)) == 0
    run = Run.objects.get()
    assert run.filters == {"from": "2026-08-01", "until": "2026-08-31", "status": "overdue_receivable"}
    assert mails() == 2
    assert services.next_sending() == at(2026, 10, 5, 8)


def test_after_an_outage_only_the_last_month_is_sent(wanted: Subscription) -> None:
    assert services.send_due(now=at(2027, 1, 2, 9)) == 1
    assert Run.objects.get().filters["from"] == "2026-11-01"
    assert services.next_sending() == at(2027, 1, 5, 8)


def test_subscribing_on_the_page(
    pages: Callable[[User | None, Organization], Browser], acme: Organization, alice: User
) -> None:
    hers, path = pages(alice, acme), "/reports/entries/subscriptions/?status=open_payable"
    for to, day in (("", "1"), ("nobody", "1"), ("a@x.example", "31"), (",".join(["a@x.example"] * 11), "1")):
        assert hers.post(path, {"to": to, "day": day, "format": "pdf"}).status_code == 422
    assert hers.post(path, {"to": "A@x.example; b@x.example", "day": "3", "format": "xlsx"}).status_code == 302
    made = Subscription.objects.get()
    assert (made.to, made.day, made.filters) == (["a@x.example", "b@x.example"], 3, {"status": "open_payable"})
    assert "a@x.example" in hers.get("/reports/").content.decode()
    assert hers.post(f"/reports/subscriptions/{made.pk}/removal/").status_code == 302
    assert services.next_sending() is None


def test_what_the_system_made_is_for_who_may_read_it(
    wanted: Subscription,
    pages: Callable[[User | None, Organization], Browser],
    acme: Organization,
    alice: User,
    bob: User,
) -> None:
    services.send_due(now=at(2026, 9, 5, 8))
    run = Run.objects.get()
    Run.objects.update(expires_at=at(2100, 1, 1))
    assert pages(alice, acme).get(f"/reports/runs/{run.pk}/").status_code == 200
    assert pages(bob, acme).get(f"/reports/runs/{run.pk}/").status_code == 403


def test_who_has_no_account_opens_it_by_a_link_of_their_own(
    wanted: Subscription, pages: Callable[[User | None, Organization], Browser], acme: Organization
) -> None:
    services.send_due(now=at(2026, 9, 5, 8))
    run, nobody = Run.objects.get(), pages(None, acme)
    Run.objects.update(expires_at=at(2100, 1, 1))
    link = sending.path(run, wanted, "a@x.example")
    with context.public():
        assert link in Mail.objects.get(to="a@x.example").context["url"]
    assert nobody.get(link).status_code == 202  # not made yet
    services.fill_run(run.pk, language="", now=at(2026, 9, 5, 8))
    assert b"".join(nobody.get(link).streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert nobody.get(f"{link[:-2]}x/").status_code == 404
    Subscription.objects.update(to=["b@x.example"])
    assert nobody.get(link).status_code == 404
    Subscription.objects.update(to=["a@x.example"])
    Run.objects.update(expires_at=at(2026, 1, 1))
    assert "closed" in nobody.get(link).content.decode()


def test_a_link_is_of_one_organization(
    wanted: Subscription, pages: Callable[[User | None, Organization], Browser], globex: Organization
) -> None:
    services.send_due(now=at(2026, 9, 5, 8))
    run = Run.objects.get()
    run.expires_at = at(2100, 1, 1)
    link = sending.path(run, wanted, "a@x.example")
    with context.enter(globex.schema_name):  # even where the very same rows are
        wanted.by = None
        for row in (wanted, run):
            row.save(force_insert=True)
        there = sending.path(run, wanted, "a@x.example")
    stranger = pages(None, globex)
    assert stranger.get(there).status_code == 202
    assert stranger.get(link).status_code == 404


def test_who_asked_for_it_finds_it_in_the_bell(wanted: Subscription, bob: User) -> None:
    alice, staff = Member.objects.get(role="owner"), Member.objects.get(user_id=bob.pk)
    Subscription.objects.update(to=["a@x.example", staff.email])
    assert services.send_due(now=at(2026, 9, 5, 8)) == 1
    told = Notification.objects.filter(event="report.sent")
    # Staff may not read the entries; alice is not among those who got the e-mail with the report.
    assert set(told.values_list("recipient_id", "channel")) == {(alice.pk, "app"), (alice.pk, "email")}
    shown = told.get(channel="app")
    assert shown.url == f"/reports/runs/{Run.objects.get().pk}/"
    with translation.override("pt-br"):
        [in_words] = queries.in_words([shown], firm="Acme")
    assert in_words.title == "Relatório pronto: Contas a receber e a pagar"
    assert "08/2026" in in_words.text


def test_told_once_a_day_and_not_twice_by_e_mail(wanted: Subscription) -> None:
    owner = Member.objects.get(role="owner")
    Subscription.objects.update(to=[owner.email.upper()])
    services.send_due(now=at(2026, 9, 5, 8))
    Subscription.objects.update(last_month=date(2026, 7, 1))
    assert services.send_due(now=at(2026, 9, 5, 18)) == 1
    assert list(Notification.objects.filter(event="report.sent").values_list("channel", flat=True)) == ["app"]
    Subscription.objects.update(last_month=date(2026, 7, 1))
    services.send_due(now=at(2026, 9, 6, 8))
    assert Notification.objects.filter(event="report.sent").count() == 2


def test_who_works_here_no_more_is_not_told(wanted: Subscription) -> None:
    Member.objects.filter(role="owner").update(is_active=False)
    assert services.send_due(now=at(2026, 9, 5, 8)) == 1
    assert not Notification.objects.filter(event="report.sent").exists()
