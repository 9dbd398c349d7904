"""What an import does to the book."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from shared_apps.core.errors import DomainError
from tenant_apps.activity.models import Activity
from tenant_apps.clients import queries
from tenant_apps.clients import services as clients
from tenant_apps.clients.models import Client, Place
from tenant_apps.team.models import Member
from tenant_apps.transfers import services
from tenant_apps.transfers.errors import NotNow, TooLateToUndo, Unreadable
from tenant_apps.transfers.models import Import, ImportedClient
from tests.factories.clients import ClientFactory, CustomFieldFactory, a_cnpj, a_cpf
from tests.transfers.conftest import xlsx

Importer = Callable[..., Import]

FULL = """Nome;Razão social;CPF/CNPJ;Telefone;E-mail;Etiquetas;Obs;Rua;Número;Cidade;UF;CEP;Tipo de piscina
José  Ávila;;529.982.247-25;(11) 98765-4321;jose@x.example;VIP, piscina;Azul;Rua A;10;Campinas;sp;13024-000;Vinil
Clube Sol;Clube Sol Ltda.;11.222.333/0001-81;;;;;;;;;;
"""


def test_everything_arrives_as_if_it_had_been_typed(imported: Importer) -> None:
    CustomFieldFactory()
    source = imported(FULL)
    assert (source.state, source.rows, source.created, source.refused) == ("done", 2, 2, 0)
    jose, clube = Client.objects.order_by("-name_key")
    assert (jose.name, jose.kind, jose.document, jose.phone) == (
        "José Ávila",
        "person",
        "52998224725",
        "+5511987654321",
    )
    assert (jose.tags, jose.custom, jose.cities) == (["vip", "piscina"], {"pool_type": "vinil"}, ["Campinas - SP"])
    assert Place.objects.get().postal_code == "13024000"
    assert (clube.kind, clube.legal_name) == ("company", "Clube Sol Ltda.")
    assert list(queries.clients(queries.Wanted(search="avila campinas"))) == [jose]
    created = Activity.objects.get(subject_id=jose.pk)
    assert (created.verb, created.after["name"], created.actor) == ("client.created", "José Ávila", source.by)
    assert Activity.objects.get(verb="import.done").after["created"] == 2


def test_excel_that_took_documents_for_numbers(imported: Importer) -> None:
    imported(xlsx(["Cliente", "CPF", "CEP"], ["Ana", 1234567890, 1310100]))
    assert Client.objects.get().document == "01234567890"
    assert Place.objects.get().postal_code == "01310100"


def test_without_a_header_the_content_tells(imported: Importer) -> None:
    source = imported("Ana Silva,529.982.247-25,ana@x.example,11987654321\nBia Reis,,bia@x.example,\n")
    assert source.created == 2
    assert Client.objects.get(email="ana@x.example").document == "52998224725"


def test_nothing_is_written_by_the_check_and_errors_come_back_in_the_own_rows(checked: Importer) -> None:
    source = checked("nome;cpf;email\nAna;111;a@x.example\n;;b@x.example\n<b>=cmd()</b>;;\n=cmd();;torto\n")
    assert not Client.objects.exists()
    assert (source.state, source.created, source.refused) == ("checked", 1, 3)
    assert [row for row, _why in source.errors] == [2, 3, 5]
    text = default_storage.open(source.errors_file).read().decode("utf-8-sig")
    assert text.splitlines()[0] == "nome,cpf,email,Error"
    assert "'=cmd(),,torto,E-mail: This is not a valid e-mail address." in text


def test_the_run_takes_what_the_check_read_and_reads_no_file_again(checked: Importer, owner: Member) -> None:
    CustomFieldFactory()
    source = checked(FULL)
    first = source.records_file
    services.begin_check(source, mapping=source.mapping, has_header=True, duplicates="skip", actor=owner)
    services.check_import(source.pk)
    source.refresh_from_db()
    assert first
    assert not default_storage.exists(first), "of two checks the last one counts"
    default_storage.delete(source.file)
    services.begin_run(source, actor=owner)
    services.run_import(source.pk)
    source.refresh_from_db()
    assert (source.state, Client.objects.count(), Place.objects.count()) == ("done", 2, 1)
    assert Client.objects.get(kind="person").custom == {"pool_type": "vinil"}


def test_without_what_the_check_read_it_is_checked_again(checked: Importer, owner: Member) -> None:
    source = checked("nome\nAna\n")
    default_storage.delete(source.records_file)
    services.begin_run(source, actor=owner)
    services.run_import(source.pk)
    source.refresh_from_db()
    assert (source.state, Client.objects.exists()) == ("failed", False)
    assert source.is_open
    assert source.message


def test_errors_of_an_excel_file_come_back_as_excel(checked: Importer) -> None:
    source = checked(xlsx(["nome", "cpf"], ["Ana", "111"]), name="clients.xlsx")
    assert source.errors_file.endswith(".xlsx")


def test_good_rows_go_in_and_markup_stays_text(imported: Importer) -> None:
    source = imported("nome;cpf\nAna;111\n<script>alert(1)</script>;\n=cmd();\n")
    assert (source.created, source.refused) == (2, 1)
    assert set(Client.objects.values_list("name", flat=True)) == {"<script>alert(1)</script>", "=cmd()"}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("nome;cpf\nAna;529.982.247-24", "not a valid CPF"),
        ("nome;cnpj\nAna;11.222.333/0001-80", "not a valid CNPJ"),
        ("nome;telefone\nAna;123", "not a valid phone"),
        ("nome;cep\nAna;123", "8 digits"),
        ("nome;uf\nAna;XX", "Brazilian state"),
        ("nome;tipo\nAna;robô", "person or company"),
        (f"nome;cidade\n{'x' * 161};", "At most 160"),
        (f"nome;tags\nAna;{'x' * 41}", "At most 40"),
        ("nome;obs\nAna;a\x00b", "cannot be read"),
        ("nome;pool_type\nAna;mármore", "One of: vinil, fibra"),
    ],
)
def test_says_what_is_wrong_with_a_row(checked: Importer, cells: str, why: str) -> None:
    CustomFieldFactory()
    source = checked(cells)
    assert source.refused == 1
    assert why in source.errors[0][1]


@pytest.mark.parametrize(
    ("type_", "typed", "value"),
    [
        ("number", "1.234,5", 1234.5), ("number", "12", 12), ("bool", "Sim", True), ("bool", "não", False),
        ("date", "02/01/2026", "2026-01-02"), ("date", "2026-01-02", "2026-01-02"), ("text", "x", "x"),
    ],
)  # fmt: skip
def test_custom_fields_understand_what_people_type(imported: Importer, type_: str, typed: str, value: Any) -> None:
    CustomFieldFactory(key="own", label="Próprio", type=type_)
    imported(f"nome;Próprio\nAna;{typed}\n")
    assert Client.objects.get().custom == {"own": value}


def test_a_required_custom_field_is_required_here_too(checked: Importer) -> None:
    CustomFieldFactory(required=True)
    assert "Tipo de piscina: This field is required." in checked("nome\nAna\n").errors[0][1]


DOUBLE = "nome;cpf;email;fone;cidade\nAna Nova;529.982.247-25;;11987654321;Santos\nBia;;BIA@x.example;;\n"


def book() -> Any:
    ana = ClientFactory(name="Ana", document="52998224725", email="", tags=["vip"])
    return ana, ClientFactory(name="Bia", email="bia@x.example")


def test_clients_already_there_are_left_alone(imported: Importer) -> None:
    book()
    source = imported(DOUBLE)
    assert (source.created, source.skipped) == (0, 2)
    assert Client.objects.count() == 2


def test_clients_already_there_are_filled_in(imported: Importer) -> None:
    ana, _bia = book()
    source = imported(DOUBLE, duplicates="update")
    assert (source.created, source.updated) == (0, 2)
    ana.refresh_from_db()
    assert (ana.name, ana.phone, ana.tags, ana.cities) == ("Ana Nova", "+5511987654321", ["vip"], ["Santos"])


def test_clients_already_there_are_added_again_but_no_document_twice(imported: Importer) -> None:
    book()
    source = imported(DOUBLE, duplicates="create")
    assert (source.created, source.refused) == (1, 1)
    assert "Another client has this CPF" in source.errors[0][1]


@pytest.mark.parametrize(
    ("duplicates", "counts"), [("skip", (1, 0, 1, 0)), ("update", (1, 1, 0, 0)), ("create", (1, 0, 0, 1))]
)
def test_twins_inside_the_file(imported: Importer, duplicates: str, counts: tuple[int, ...]) -> None:
    source = imported("nome;cpf;fone\nAna;52998224725;\nAna B;529.982.247-25;11987654321\n", duplicates=duplicates)
    assert (source.created, source.updated, source.skipped, source.refused) == counts
    assert Client.objects.count() == 1
    if duplicates == "update":
        assert Client.objects.get().phone == "+5511987654321"


def test_once_however_often_it_is_asked_for(checked: Importer, owner: Member) -> None:
    source = checked("nome\nAna\n")
    services.begin_run(source, actor=owner)
    with pytest.raises(NotNow):
        services.begin_run(source, actor=owner)
    services.run_import(source.pk)
    services.run_import(source.pk)
    assert Client.objects.count() == 1


def test_cancelled_while_it_waits_nothing_happens(checked: Importer, owner: Member) -> None:
    source = checked("nome\nAna\n")
    services.begin_run(source, actor=owner)
    services.cancel(source, actor=owner)
    services.run_import(source.pk)
    assert not Client.objects.exists()
    source.refresh_from_db()
    assert (source.state, source.is_open) == ("cancelled", True)


def test_all_or_nothing_when_the_book_has_changed_since_the_check(checked: Importer, owner: Member) -> None:
    source = checked(f"nome;cpf\nAna;{a_cpf(1)}\nBia;{a_cpf(2)}\n")
    ClientFactory(document=a_cpf(2))
    services.begin_run(source, actor=owner)
    services.run_import(source.pk)
    source.refresh_from_db()
    assert (source.state, Client.objects.count()) == ("failed", 1)
    assert "check the file again" in source.message


def test_the_columns_of_a_file_are_remembered(imported: Importer, owner: Member) -> None:
    imported("quem;onde\nAna;Santos\n", c0="name", c1="place.city")
    again = services.start_import(io.BytesIO(b"QUEM;Onde\nBia;Natal\n"), name="other.csv", actor=owner)
    assert again.mapping == {"0": "name", "1": "place.city"}


@pytest.mark.parametrize(("content", "why"), [("nome;cpf\n", "nothing below"), ("", "empty")])
def test_an_empty_file_is_refused_at_the_door(owner: Member, content: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        services.start_import(io.BytesIO(content.encode()), name="x.csv", actor=owner)
    assert not Import.objects.exists()


def test_too_many_rows_are_refused_with_the_limit(checked: Importer, settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 2
    source = checked("nome\nA\nB\nC\n")
    assert source.state == "failed"
    assert "more than 2 rows" in source.message


def test_duplicate_headers_lead_to_one_field_only(imported: Importer) -> None:
    source = imported("Nome;Telefone;Telefone\nAna;11987654321;x\n")
    assert (source.created, list(source.mapping.values())) == (1, ["name", "phone"])


def test_undone_but_for_what_was_touched_since(imported: Importer, owner: Member) -> None:
    old = ClientFactory(name="Velha", document=a_cnpj(7), kind="company")
    other = ClientFactory(name="Outra", document=a_cpf(9))
    source = imported(
        f"nome;documento;cidade\nNova;;\nTocada;;\nLocal;;\nVelha 2;{a_cnpj(7)};Santos\nOutra 2;{a_cpf(9)};\n",
        duplicates="update",
    )
    clients.update_client(Client.objects.get(name="Tocada"), actor=owner, notes="x")
    clients.add_place(Client.objects.get(name="Local"), actor=owner, label="Casa")
    clients.update_client(Client.objects.get(pk=other.pk), actor=owner, notes="y")
    services.begin_undo(source, actor=owner)
    services.undo_import(source.pk, actor=owner)
    source.refresh_from_db()
    assert source.state == "undone"
    assert source.undone == {"removed": 1, "restored": 1, "kept": 3, "names": ["Outra 2", "Tocada", "Local"]}
    assert set(Client.objects.values_list("name", flat=True)) == {"Tocada", "Local", "Velha", "Outra 2"}
    old.refresh_from_db()
    assert (old.cities, old.places.count()) == ([], 0)


def test_too_late_to_undo(imported: Importer, owner: Member, settings: Any) -> None:
    source = imported("nome\nAna\n")
    source.finished_at = timezone.now() - timedelta(days=settings.IMPORT_UNDO_DAYS, minutes=1)
    with pytest.raises(TooLateToUndo):
        services.begin_undo(source, actor=owner)


def test_what_is_no_longer_needed_goes_away(imported: Importer, settings: Any) -> None:
    source = imported("nome;cpf\nAna;\nBia;1\n")
    now = timezone.now()
    assert services.next_expiry() == source.created_at + timedelta(days=settings.IMPORT_KEEP_DAYS)
    services.expire(now=now + timedelta(days=settings.IMPORT_KEEP_DAYS, minutes=1))
    assert not default_storage.exists(source.file)
    assert not default_storage.exists(source.errors_file)
    assert not default_storage.exists(source.records_file)
    assert ImportedClient.objects.count() == 1
    services.expire(now=now + timedelta(days=settings.IMPORT_UNDO_DAYS, minutes=1))
    assert ImportedClient.objects.count() == 0
    assert services.next_expiry() is None
    source.refresh_from_db()
    with pytest.raises((NotNow, DomainError)):
        services.begin_check(source, mapping={"0": "name"}, has_header=True, duplicates="skip", actor=None)
