"""Tables on paper: little memory however long, with every letter and every page's number."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from pypdf import PdfReader

from shared_apps.core.papers import long_table, sheet
from shared_apps.core.papers.long_table import Heading, Paper
from shared_apps.core.papers.look import letters
from shared_apps.core.papers.sheet import Firm

HEADINGS = [Heading("Descrição", 3), Heading("Cliente", 2), Heading("Valor", 1, is_number=True)]
PAPER = Paper(title="Lançamentos", firm=Firm("Acme Piscinas"), made="25/11/2026 10:00", facts=["Novembro de 2026"])


def drawn(rows: list[list[str]], sums: list[str] | None = None) -> PdfReader:
    target = io.BytesIO()
    long_table.write(target, PAPER, HEADINGS, rows, sums or [])
    return PdfReader(target)


def test_a_thousand_rows_need_little_memory() -> None:
    rows = [[f"Limpeza semanal nº {n}", "Condomínio Jardim das Acácias", "R$ 1.234,50"] for n in range(1000)]
    tracemalloc.start()
    pdf = drawn(rows, ["1.000 linhas", "", "R$ 1.234.500,00"])
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000
    first, last = pdf.pages[0].extract_text(), pdf.pages[-1].extract_text()
    assert "Lançamentos" in first
    assert all("Descrição" in page.extract_text() for page in pdf.pages)
    assert "R$ 1.234.500,00" in last
    assert f"Page {len(pdf.pages)} of" in last


def test_nothing_is_too_long_or_too_strange() -> None:
    strange = ["x" * 5000, "Łódź 漢字 😀 ção \u0000\n", " ".join(["palavra"] * 200)]
    page = drawn([strange, ["", "", ""]]).pages[0].extract_text()
    assert "Łódź ?? ? ção" in page.replace("\n", " ")
    assert "…" in page


def test_a_table_without_rows_is_a_page() -> None:
    assert len(drawn([]).pages) == 1


@pytest.mark.parametrize(
    "name",
    [
        "Łukasz Żółć",
        "Dvořák Őry",
        "Nguyễn Thị Hồng",
        "Ελένη Παπαδοπούλου",
        "Юлия Щербакова",
        "İpek Ğ",
        "São João “ç” – 5 €",
    ],
)
def test_every_name_of_europe_prints(name: str) -> None:
    assert letters(name) == name
    flowing = sheet.build([sheet.text(name)], firm=Firm(name), title=name, context="", foot="")
    for pdf in (drawn([[name, name, ""]], [name, "", ""]), PdfReader(io.BytesIO(flowing))):
        assert name in pdf.pages[0].extract_text()
    assert PdfReader(io.BytesIO(flowing)).metadata.title == name


def test_a_letter_that_the_font_lacks_is_written_as_near_as_can_be() -> None:
    assert letters("1\u202f234\u200b") == "1 234"
    assert letters("ｆｉ → ok\tok") == "fi > ok\tok"
    assert letters("漢\x07") == "?"
