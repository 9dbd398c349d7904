"""Files as people have them: encodings, delimiters, headers; and what is no table."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from typing import Any

import pytest
from openpyxl.xml.constants import SHARED_STRINGS

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


def sheet(xml: str, *, texts: str = "") -> bytes:
    """An Excel file whose sheet, and table of texts, are these; the rest is as openpyxl writes it."""
    source, target = io.BytesIO(xlsx(["x"])), io.BytesIO()
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in whole.namelist():
            changed.writestr(
                name,
                xml
                if name == "xl/worksheets/sheet1.xml"
                else whole.read(name)
                .decode()
                .replace(
                    "</Types>",
                    f'<Override PartName="/xl/texts.xml" ContentType="{SHARED_STRINGS}"/></Types>'
                    if texts
                    else "</Types>",
                ),
            )
        changed.writestr("xl/texts.xml", texts)
    return target.getvalue()


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def rows_of(inner: str, prefix: str = "") -> str:
    namespace = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    return f'<{prefix}worksheet {namespace}="{MAIN}"><{prefix}sheetData>{inner}</{prefix}sheetData></{prefix}worksheet>'


def test_excel_files_of_other_programs() -> None:
    """Cells and rows without their place, gaps, prefixes, rich and spoken texts, escapes, errors, merged cells."""
    bare = rows_of('<row><c t="inlineStr"><is><t>Ana</t></is></c><c><v>7.0</v></c></row><row><c><v>1E3</v></c></row>')
    assert read(sheet(bare)) == [["Ana", "7"], ["1000"]]
    gaps = rows_of(
        '<row r="2"><c r="C2" t="str"><f>A1</f><v>so</v></c></row><row r="4"><c r="A4" t="b"><v>1</v></c></row>'
    )
    assert read(sheet(gaps)) == [[], ["", "", "so"], [], ["true"]]
    prefixed = rows_of('<x:row r="1"><x:c r="B1" t="e"><x:v>#N/A</x:v></x:c></x:row>', "x:")
    assert read(sheet(prefixed)) == [["", "#N/A"]]
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><t>Mar</t></r><r><t>ia</t></r><rPh sb="0" eb="1"><t>no</t></rPh></si>'
        "<si><t>a_x000D_b _x0000_ _xD800_</t></si><si/></sst>"
    )
    shared = rows_of(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>'
    )
    assert read(sheet(shared, texts=texts)) == [["Maria", "a\rb \ufffd \ufffd"]]
    merged = rows_of('<row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row>').replace(
        "</worksheet>", '<mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
    )
    assert read(sheet(merged)) == [["1"]]


def test_excel_dates_times_and_spans() -> None:
    import datetime

    day = datetime.datetime(2026, 1, 2)  # noqa: DTZ001 - a cell has no zone
    content = xlsx(
        [day, day.replace(hour=8, minute=5), datetime.time(8, 30), datetime.timedelta(hours=30), 0.5, 10**11]
    )
    assert read(content) == [["2026-01-02", "2026-01-02 08:05", "08:30:00", "1 day, 6:00:00", "0.5", "100000000000"]]


@pytest.mark.parametrize(
    ("xml", "why"),
    [
        (rows_of('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'), "damaged"),
        (rows_of('<row r="1"><c r="A1"><v>many</v></c></row>'), "damaged"),
        (rows_of('<row r="1"><c r="1A"><v>1</v></c></row>'), "damaged"),
        (rows_of('<row r="2"/><row r="1"/>'), "damaged"),
        (rows_of('<row r="99999999999"/>'), "damaged"),
        (rows_of('<row r="1"><c r="A1"><v>1</v></c>'), "damaged"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + rows_of("<row><c><v>&b;</v></c></row>"), "damaged"),
        (rows_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "more than 100 columns"),
        (rows_of(""), "empty"),
    ],
)
def test_refuses_a_sheet_that_is_none(xml: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(sheet(xml))


def test_a_cell_at_each_end_of_a_sheet_asks_for_no_memory() -> None:
    """A table of it would have twenty million cells."""
    ends = rows_of('<row r="1"><c r="A1"><v>1</v></c></row><row r="200000"><c r="CV200000"><v>2</v></c></row>')
    content = sheet(ends)
    tracemalloc.start()
    found = sum(bool(row) for row in sheets.rows(io.BytesIO(content), sheets.Reading("xlsx")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == 2
    assert peak < 20_000_000


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
