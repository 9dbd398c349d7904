"""Tables on paper: quick and small however long, with every letter and every page's number."""

from __future__ import annotations

import io
import time
import tracemalloc

from pypdf import PdfReader

from tenant_apps.reports import paper
from tenant_apps.reports.paper import Heading, Paper

HEADINGS = [Heading("Descrição", 3), Heading("Cliente", 2), Heading("Valor", 1, is_number=True)]
PAPER = Paper(title="Lançamentos", firm="Acme Piscinas", made="25/11/2026 10:00", facts=["01/11/2026 a 30/11/2026"])


def drawn(rows: list[list[str]], sums: list[str] | None = None) -> PdfReader:
    target = io.BytesIO()
    paper.write(target, PAPER, HEADINGS, rows, sums or [])
    return PdfReader(target)


def test_a_thousand_rows_are_quick_and_small() -> None:
    rows = [[f"Limpeza semanal nº {n}", "Condomínio Jardim das Acácias", "R$ 1.234,50"] for n in range(1000)]
    tracemalloc.start()
    began = time.process_time()
    pdf = drawn(rows, ["1.000 linhas", "", "R$ 1.234.500,00"])
    seconds, (_now, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert seconds < 5
    assert peak < 50_000_000
    first, last = pdf.pages[0].extract_text(), pdf.pages[-1].extract_text()
    assert "Lançamentos" in first
    assert all("Descrição" in page.extract_text() for page in pdf.pages)
    assert "R$ 1.234.500,00" in last
    assert f"Page {len(pdf.pages)} of" in last


def test_nothing_is_too_long_or_too_strange() -> None:
    strange = ["x" * 5000, "Łódź 漢字 😀 ção \u0000\n", " ".join(["palavra"] * 200)]
    page = drawn([strange, ["", "", ""]]).pages[0].extract_text()
    assert "?ódz ?? ? ção" in page.replace("\n", " ")
    assert "…" in page


def test_a_table_without_rows_is_a_page() -> None:
    assert len(drawn([]).pages) == 1
