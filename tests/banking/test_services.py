"""Bringing, matching, explaining and taking back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shared_apps.core.errors import DomainError, FieldError
from tenant_apps.banking import services
from tenant_apps.banking.errors import AlreadyExplained, NotExplained, PaymentTaken, WrongSum
from tenant_apps.banking.matching import suggestions
from tenant_apps.banking.models import Match, Statement, StatementLine
from tenant_apps.banking.services import Part
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Entry, Payment
from tenant_apps.team.models import Member
from tests.banking.conftest import DAY, brought, csv, owed
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.usefixtures("inside")
NOW = timezone.now()


def parts(*given: tuple[Entry, str]) -> list[Part]:
    return [Part(entry.pk, Decimal(amount)) for entry, amount in given]


def test_a_file_twice_and_files_that_overlap_bring_each_movement_once(owner: Member) -> None:
    rows = [(DAY, "Pix Ana", "10.00"), (DAY, "Pix Ana", "10.00"), (DAY, "Tarifa", "-1.00")]
    first = services.bring_statement(csv(*rows), name="a.csv", actor=owner)
    assert (first.new, first.known) == (3, 0)
    again = services.bring_statement(csv(*rows), name="b.csv", actor=owner)
    assert (again.statement, again.new, again.known) == (None, 0, 3)
    more = services.bring_statement(csv(*rows, (DAY, "Pix Bia", "5.00")), name="c.csv", actor=owner)
    assert (more.new, more.known) == (1, 3)
    assert (Statement.objects.count(), StatementLine.objects.count()) == (2, 4)


def test_the_amount_the_date_and_the_name_say_which_entry_it_is() -> None:
    ana, bia = ClientFactory(name="Ana Souza"), ClientFactory(name="Beatriz Lima")
    right, _wrong, _far = owed("150.00", client=ana), owed("150.00", client=bia), owed("400.00", client=ana)
    [line] = brought((DAY, "PIX RECEBIDO ANA SOUZA", "150.00"))
    best, second = suggestions([line])[line.pk][:2]
    assert (best.id, best.is_certain, best.is_exact) == (right.pk, True, True)
    assert not second.is_certain
    assert best.reasons == ("same amount", "on the due date", "the name is in the text")


def test_the_late_fee_of_that_day_is_part_of_what_is_due() -> None:
    ana = ClientFactory(name="Ana Souza")
    late = owed("100.00", client=ana, due=DAY - timedelta(days=30), late_fee=Decimal(2), interest=Decimal(1))
    [line] = brought((DAY, "pix ana souza", "103.00"))
    [best] = suggestions([line])[line.pk]
    assert (best.id, best.is_certain) == (late.pk, True)
    services.explain_with_entries(line, actor=None, parts=parts((late, "103.00")), now=NOW)
    late.refresh_from_db()
    assert late.paid == Decimal(100)
    assert Payment.objects.get().extra == Decimal("3.00")


def test_what_is_doubtful_is_not_certain() -> None:
    ana = ClientFactory(name="Ana Souza")
    owed("150.00", client=ana), owed("150.00", client=ana, due=DAY - timedelta(days=30))
    owed("80.00", client=ClientFactory(name="Bia Lima"))
    lines = brought(
        (DAY, "PIX ANA SOUZA", "150.00"),  # two of her entries
        (DAY, "PIX RECEBIDO", "80.00"),  # nobody's name
        (DAY, "PIX ANA SOUZA", "70.00"),  # a part
        (DAY, "ANA SOUZA", "-150.00"),  # the other direction
    )
    found = suggestions(lines)
    assert not any(offer.is_certain for offers in found.values() for offer in offers)
    assert found[lines[3].pk] == []


def test_one_entry_is_not_certain_for_two_movements() -> None:
    owed("150.00", client=ClientFactory(name="Ana Souza"))
    lines = brought((DAY, "PIX ANA SOUZA", "150.00"), (DAY, "PIX ANA SOUZA 2", "150.00"))
    assert not any(offer.is_certain for offers in suggestions(lines).values() for offer in offers)


def test_a_payment_that_is_recorded_comes_before_an_entry() -> None:
    ana = ClientFactory(name="Ana Souza")
    entry, _other = owed("150.00", client=ana), owed("150.00", client=ana)
    payment = finance.pay_entry(entry, actor=None, amount=Decimal(150), method="pix", paid_on=DAY)
    [line] = brought((DAY + timedelta(days=1), "pix ana souza", "150.00"))
    offers = suggestions([line])[line.pk]
    assert (offers[0].kind, offers[0].id) == ("payment", payment.pk)
    services.explain_with_payments(line, actor=None, payment_ids=[payment.pk], now=NOW)
    assert Payment.objects.count() == 1
    services.reopen_line(line, actor=None, now=NOW)
    assert Payment.objects.standing().count() == 1  # it was there before, and stays


def test_accepting_the_certain_ones_leaves_the_others(owner: Member) -> None:
    ana, bia = ClientFactory(name="Ana Souza"), ClientFactory(name="Bia Lima")
    owed("150.00", client=ana), owed("90.00", client=bia), owed("90.00", client=bia)
    owed("35.00", kind="payable", party="Cloro Forte")
    brought(
        (DAY, "PIX ANA SOUZA", "150.00"), (DAY, "BIA LIMA", "90.00"), (DAY, "COMPRA CLORO FORTE", "-35.00")
    )  # fmt: skip
    assert services.accept_certain(actor=owner, now=NOW) == (2, False)
    assert services.accept_certain(actor=owner, now=NOW) == (0, False)
    assert [line.memo for line in StatementLine.objects.open()] == ["BIA LIMA"]
    assert {payment.method for payment in Payment.objects.all()} == {"pix", "transfer"}


def test_a_movement_is_split_exactly_or_not_at_all() -> None:
    ana = ClientFactory(name="Ana")
    one, two = owed("100.00", client=ana), owed("60.00", client=ana)
    [line] = brought((DAY, "ted ana", "150.00"))
    with pytest.raises(WrongSum):
        services.explain_with_entries(line, actor=None, parts=parts((one, "100.00"), (two, "49.99")), now=NOW)
    services.explain_with_entries(line, actor=None, parts=parts((one, "100.00"), (two, "50.00")), now=NOW)
    two.refresh_from_db()
    assert (two.open_amount, Match.objects.count()) == (Decimal(10), 2)
    with pytest.raises(AlreadyExplained):
        services.ignore_line(line, actor=None, now=NOW)
    services.reopen_line(line, actor=None, now=NOW)
    two.refresh_from_db()
    assert two.open_amount == Decimal(60)
    assert Payment.objects.standing().count() == 0
    assert StatementLine.objects.open().get() == line
    with pytest.raises(NotExplained):
        services.reopen_line(line, actor=None, now=NOW)


def test_a_payment_reversed_elsewhere_opens_the_movement_again() -> None:
    entry = owed("100.00")
    [line] = brought((DAY, "x", "100.00"))
    services.explain_with_entries(line, actor=None, parts=parts((entry, "100.00")), now=NOW)
    finance.reverse_payment(Payment.objects.get(), actor=None)
    assert StatementLine.objects.open().get() == line
    services.explain_with_entries(line, actor=None, parts=parts((entry, "100.00")), now=NOW)
    assert StatementLine.objects.explained().get() == line


@pytest.mark.parametrize(
    "amounts", [["0"], ["-5", "155"], ["NaN"], ["Infinity"], ["150.001"], [], ["150"] * 60, ["1e30"]]
)  # fmt: skip
def test_absurd_parts_leave_nothing_behind(amounts: list[str]) -> None:
    entry = owed("1000.00")
    [line] = brought((DAY, "x", "150.00"))
    given = [Part(entry.pk, Decimal(amount)) for amount in amounts]
    with pytest.raises(DomainError):
        services.explain_with_entries(line, actor=None, parts=given, now=NOW)
    assert not Payment.objects.exists()
    assert StatementLine.objects.open().exists()


def test_the_wrong_direction_an_overpayment_and_a_cancelled_entry_are_refused() -> None:
    bill, small, gone = owed("150.00", kind="payable"), owed("100.00"), owed("150.00")
    finance.cancel_entry(gone, actor=None)
    [line] = brought((DAY, "x", "150.00"))
    for entry in (bill, small, gone):
        with pytest.raises(DomainError):
            services.explain_with_entries(line, actor=None, parts=parts((entry, "150.00")), now=NOW)
    assert not Payment.objects.exists()


def test_a_payment_is_one_movement() -> None:
    entry = owed("100.00")
    payment = finance.pay_entry(entry, actor=None, amount=Decimal(100), method="pix", paid_on=DAY)
    first, second = brought((DAY, "x", "100.00"), (DAY, "y", "100.00"))
    services.explain_with_payments(first, actor=None, payment_ids=[payment.pk], now=NOW)
    with pytest.raises(PaymentTaken):
        services.explain_with_payments(second, actor=None, payment_ids=[payment.pk], now=NOW)
    with pytest.raises(FieldError):
        services.explain_with_payments(second, actor=None, payment_ids=[], now=NOW)


def test_a_movement_nobody_wrote_down_becomes_a_paid_entry() -> None:
    [line] = brought((DAY, "TARIFA", "-12.50"))
    services.explain_with_new_entry(line, actor=None, description="Tarifa", party="Banco", now=NOW)
    entry = Entry.objects.get()
    assert (entry.kind, entry.paid, entry.due_on) == ("payable", Decimal("12.50"), DAY)
    with pytest.raises(FieldError):
        services.explain_with_new_entry(brought((DAY, "y", "1"))[0], actor=None, description=" ", now=NOW)
    assert Entry.objects.count() == 1


def test_a_file_goes_only_while_nothing_of_it_is_explained() -> None:
    entry = owed("100.00")
    [line] = brought((DAY, "x", "100.00"))
    services.explain_with_entries(line, actor=None, parts=parts((entry, "100.00")), now=NOW)
    with pytest.raises(AlreadyExplained):
        services.remove_statement(line.statement, actor=None)
    services.reopen_line(line, actor=None, now=NOW)
    services.remove_statement(line.statement, actor=None)
    assert not StatementLine.objects.exists()


def test_suggestions_cost_two_statements() -> None:
    for number in range(12):
        owed("100.00", client=ClientFactory(name=f"Ana Souza {number}"))
    lines = brought(*[(DAY, f"Ana {number}", "100.00") for number in range(12)])
    with CaptureQueriesContext(connection) as asked:
        suggestions(lines)
    assert len(asked) == 2
