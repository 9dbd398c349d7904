"""Appointments and entries from spreadsheets: checked without a trace, taken in as a whole, taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser

from tenant_apps.clients.models import Client
from tenant_apps.finance import services as finance
from tenant_apps.finance.models import Category, Entry, Payment
from tenant_apps.scheduling.models import Appointment, Booking, Offering
from tenant_apps.team.models import Member
from tenant_apps.transfers import services
from tenant_apps.transfers.errors import NeededNotChosen
from tenant_apps.transfers.models import Import
from tests.factories.clients import ClientFactory

ENTRIES = """Descrição;Valor;Vencimento;Tipo;Cliente;Fornecedor;Categoria;Valor pago;Data de pagamento
Limpeza de julho;R$ 1.234,50;10/07/2026;A receber;Ana Conceição;;Contratos;1.000,00;12/07/2026
Combustível;"80,00";2026-07-11;A pagar;;Posto Taquaral;Combustível;80,00;
Estranho;abc;10/07/2026;;;;;;
De ninguém;10,00;10/07/2026;a receber;Fulano;;;;
Zero;0,00;10/07/2026;;;;;;
Tarde;5,00;10/07/9999;;;;;;
"""
Checked = Callable[..., Import]


@pytest.fixture
def ana(owner: Member) -> Client:
    made: Client = ClientFactory(name="Ana Conceição")  # type: ignore[assignment]
    return made


@pytest.fixture
def brought(owner: Member) -> Checked:
    """`brought(kind, text)`: uploaded, its columns as suggested, and checked."""

    def go(kind: str, text: str, duplicates: str = "skip") -> Import:
        source = services.start_import(io.BytesIO(text.encode()), name="x.csv", actor=owner, kind=kind)
        services.begin_check(source, mapping=source.mapping, has_header=True, duplicates=duplicates, actor=owner)
        services.check_import(source.pk)
        source.refresh_from_db()
        return source

    return go


def run(source: Import, owner: Member) -> Import:
    services.begin_run(source, actor=owner)
    services.run_import(source.pk)
    source.refresh_from_db()
    assert source.state == "done", source.message
    return source


def undo(source: Import, owner: Member) -> Import:
    services.begin_undo(source, actor=owner)
    services.undo_import(source.pk, actor=owner)
    source.refresh_from_db()
    return source


def test_entries_come_in_with_what_was_paid(brought: Checked, owner: Member, ana: Client) -> None:
    source = brought("entries", ENTRIES)
    assert (source.rows, source.created, source.refused) == (6, 2, 4), source.errors
    assert [row for row, _why in source.errors] == [4, 5, 6, 7]
    assert "Amount due" in source.errors[0][1]
    assert not Entry.objects.exists()
    assert not Category.objects.filter(name="Combustível").exists()
    run(source, owner)
    hers = Entry.objects.get(client=ana)
    assert (hers.amount, hers.paid, hers.due_on) == (Decimal("1234.50"), Decimal("1000.00"), date(2026, 7, 10))
    fuel = Entry.objects.get(kind="payable")
    assert (fuel.party, fuel.category.name, fuel.settled_on) == ("Posto Taquaral", "Combustível", date(2026, 7, 11))


def test_the_same_file_again_brings_nothing(brought: Checked, owner: Member, ana: Client) -> None:
    run(brought("entries", ENTRIES), owner)
    again = brought("entries", ENTRIES)
    assert (again.created, again.skipped) == (0, 2)
    assert brought("entries", ENTRIES, duplicates="create").created == 2


def test_an_import_is_taken_back_but_for_what_was_built_on(brought: Checked, owner: Member, ana: Client) -> None:
    source = run(brought("entries", ENTRIES), owner)
    hers = Entry.objects.get(client=ana)
    finance.pay_entry(hers, actor=owner, amount=Decimal(1), method="cash", paid_on=date(2026, 7, 13))
    undone = undo(source, owner).undone
    assert (undone["removed"], undone["kept"]) == (1, 1)
    assert list(Entry.objects.all()) == [hers]
    assert Payment.objects.count() == 2


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("R$ 1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234", "1234.00"),
        ("12.5", "12.50"),
        ("(3)", "3.00"),
        ("-7", "7.00"),
        ("US$ 7", "7.00"),
    ],
)
def test_money_as_people_write_it(brought: Checked, owner: Member, cell: str, amount: str) -> None:
    run(brought("entries", f'Descrição;Valor;Vencimento\nX;"{cell}";10/07/2026\n'), owner)
    assert Entry.objects.get().amount == Decimal(amount)


def test_what_is_no_amount_is_not_made_into_one(brought: Checked) -> None:
    cells = ["1e30", "1,5E+03", "12 x 50", "50 reais", "10,00 D", "١٢", "1-2", "--1", "R$"]
    source = brought("entries", "Descrição;Valor;Vencimento\n" + "".join(f"X;{one};10/07/2026\n" for one in cells))
    assert (source.created, source.refused) == (0, len(cells)), source.errors
    refunds = brought(
        "entries", "Descrição;Valor;Vencimento;Tipo\nX;-5;10/07/2026;a receber\nX;-5;10/07/2026;a pagar\n"
    )
    assert (refunds.created, refunds.refused) == (1, 1)


def test_appointments_come_in_at_local_hours_and_tell_nobody(brought: Checked, owner: Member, ana: Client) -> None:
    Offering.objects.create(name="Limpeza", duration_minutes=45, price="95.00")
    text = (
        "Cliente;Data;Hora;Duração;Profissional;Serviço;Situação;Valor\n"
        "Ana Conceição;10/07/2026;9h30;;Alice;Limpeza;Concluída;\n"
        "Ana Conceição;11/07/2026;14:00;90;alice@acme.example;;;120,00\n"
        "Ana Conceição;11/07/2026;14:00;90;alice@acme.example;;;120,00\n"
        "Ana Conceição;10/07/2026;10:00;;Alice;Limpeza;;\n"
        "Ana Conceição;11/07/2026;25:00;;;;;\n"
        "Ana Conceição;31/02/2026;9:00;;;;;\n"
        "Ana Conceição;12/07/2026;9:00;;Ninguém;;;\n"
        "Ana Conceição;12/07/2026;9:00;8:00;;;;\n"
        "Fulano;12/07/2026;9:00;;;;;\n"
    )
    source = brought("appointments", text)
    assert (source.created, source.refused) == (2, 6), source.errors
    assert not Appointment.objects.exists()
    run(source, owner)
    first, second = Appointment.objects.order_by("starts_at")
    zone = ZoneInfo("America/Sao_Paulo")
    assert first.starts_at == datetime(2026, 7, 10, 9, 30, tzinfo=zone)
    assert first.ends_at == datetime(2026, 7, 10, 10, 15, tzinfo=zone)
    assert (first.status, first.price, second.price) == ("done", Decimal("95.00"), Decimal("120.00"))
    assert Booking.objects.count() == 2
    assert not Entry.objects.exists()
    assert undo(source, owner).undone["removed"] == 2
    assert not Appointment.objects.exists()


def test_the_columns_that_are_needed_must_be_chosen(owner: Member) -> None:
    source = services.start_import(io.BytesIO(b"valor;texto\n1;x\n"), name="x.csv", actor=owner, kind="entries")
    with pytest.raises(NeededNotChosen):
        services.begin_check(source, mapping=source.mapping, has_header=True, duplicates="skip", actor=owner)


def test_the_pages_lead_through_it(browser: Browser, owner: Member, ana: Client) -> None:
    for kind, title in (("entries", "Import receivables and payables"), ("appointments", "Import appointments")):
        assert title in browser.get(f"/{kind}/import/").content.decode()
    answer = browser.post("/entries/import/", {"pasted": ENTRIES.replace(";", "\t")})
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "Those you have already" in page
    columns = {f"column_{number}": key for number, key in Import.objects.get().mapping.items()}
    assert browser.post(f"{answer['Location']}columns/", {**columns, "duplicates": "update"}).status_code == 422
    chosen = browser.post(f"{answer['Location']}columns/", {**columns, "has_header": "on", "duplicates": "skip"})
    assert chosen.status_code == 302
    services.check_import(Import.objects.get().pk)
    assert "Import 2 rows" in browser.get(answer["Location"]).content.decode()
