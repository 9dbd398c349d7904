"""Files as people have them: encodings, delimiters, headers; and what is no table."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tenant_apps.transfers import sheets
from tenant_apps.transfers.errors import Unreadable
from tests.transfers.conftest import xlsx

TEXT = "Nome;Cidade\r\nJosé Ávila;São Paulo\r\n"


def read(content: bytes) -> list[list[str]]:
    file = io.BytesIO(content)
    return list(sheets.rows(file, sheets.detect(file)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_reads_every_encoding(encoding: str) -> None:
    assert read(TEXT.encode(encoding)) == [["Nome", "Cidade"], ["José Ávila", "São Paulo"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_reads_every_delimiter_and_line_ending(delimiter: str, ending: str) -> None:
    lines = [delimiter.join(row) for row in (["nome", "obs"], ["Ana", '"a, b; c"'], ["Bia", "x"])]
    assert read(ending.join(lines).encode()) == [["nome", "obs"], ["Ana", "a, b; c"], ["Bia", "x"]]


def test_mixed_line_endings_and_line_breaks_in_cells() -> None:
    assert read(b'nome,obs\r\nAna,"uma\nduas"\nBia,x\rCaio,y') == [
        ["nome", "obs"], ["Ana", "uma\nduas"], ["Bia", "x"], ["Caio", "y"],
    ]  # fmt: skip


def test_excel_gives_text_numbers_dates_and_values_of_formulas() -> None:
    import datetime

    content = xlsx(["nome", "cep", "desde"], ["Ana", 13024000, datetime.date(2026, 1, 2)], ["=1+1", None, True])
    assert read(content) == [
        ["nome", "cep", "desde"],
        ["Ana", "13024000", "2026-01-02"],
        ["", "", "true"],  # nobody has computed the formula: it has no value
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"%PDF-1.7\x00\x01\x02\x03\x00\x00\x00\x80\x81", "not a table"),
        (b"PK\x03\x04 not really a zip", "damaged"),
        (b'nome,obs\nAna,"never closed', "quotation mark"),
        (b'nome,obs\nAna,"a"b', "quotation mark"),
        (b"nome\n" + b"x" * 10_001, "more than 10000 characters"),
        (b",".join([b"a"] * 101), "more than 100 columns"),
    ],
)
def test_refuses_what_is_no_table_and_says_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(content)


def test_refuses_an_archive_that_is_no_workbook_and_a_bomb(settings: Any) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(Unreadable, match="not a table"):
        read(other.getvalue())
    settings.IMPORT_MAX_UNPACKED_BYTES = 1_000_000
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    assert len(bomb.getvalue()) < 10_000
    with pytest.raises(Unreadable, match="too large"):
        read(bomb.getvalue())


@pytest.mark.parametrize(
    ("rows", "header", "skip"),
    [
        ([["Nome", "CPF"], ["Ana", "x"]], True, 0),
        ([["Clientes 2026"], [], ["Nome", "Cidade", "CPF"], ["Ana"]], True, 2),
        ([["Ana", "529.982.247-25"], ["Bia", "111.444.777-35"]], False, 0),
        ([["Ana", "ana@x.example"]], False, 0),
        ([[], ["nome"], ["Ana"]], True, 1),
    ],
)
def test_finds_the_header(rows: list[list[str]], header: bool, skip: int) -> None:
    assert sheets.header_and_skip(rows) == (header, skip)
