"""Bank files as they come: by the book, and as Brazilian banks write them."""

from __future__ import annotations

import contextlib
import io
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ofxtools.header import make_header
from ofxtools.models import BANKACCTFROM, BANKTRANLIST, LEDGERBAL, STMTRS, STMTTRN
from ofxtools.Parser import OFXTree

from tenant_apps.banking.errors import Unreadable
from tenant_apps.banking.reading import MAX_BYTES, read
from tenant_apps.banking.reading.lines import amount, day

SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:{encoding}
CHARSET:{charset}

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL
<BANKACCTFROM><BANKID>0341<BRANCHID>1234<ACCTID>56789-0<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261130
<STMTTRN>
<TRNTYPE>CREDIT
<DTPOSTED>20261103120000[-3:BRT]
<TRNAMT>1.250,00
<FITID>A1
<MEMO>PIX RECEBIDO João da Conceição
</STMTTRN>
<STMTTRN>
<TRNTYPE>DEBIT
<DTPOSTED>20261104
<TRNAMT>-89,90
<FITID>A2
<NAME>Cloro &amp; Cia
<MEMO>COMPRA CARTAO
</STMTTRN>
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


@pytest.mark.parametrize(("declared", "written"), [("UTF-8", "cp1252"), ("USASCII", "utf-8"), ("1252", "utf-8-sig")])
def test_the_declared_encoding_is_not_believed(declared: str, written: str) -> None:
    found = read(SGML.format(encoding=declared, charset="1252").encode(written))
    assert found.account == "0341/1234/56789-0"
    assert [(line.on, line.amount, line.bank_id) for line in found.lines] == [
        (date(2026, 11, 3), Decimal("1250.00"), "A1"),
        (date(2026, 11, 4), Decimal("-89.90"), "A2"),
    ]
    assert found.lines[0].memo == "PIX RECEBIDO João da Conceição"
    assert found.lines[1].memo == "Cloro & Cia · COMPRA CARTAO"


def test_tags_that_are_never_closed_and_a_file_that_was_cut_off() -> None:
    text = SGML.format(encoding="USASCII", charset="1252").replace("</STMTTRN>\n", "")
    assert len(read(text.encode()).lines) == 2
    assert len(read(text[: text.index("<NAME>")].encode()).lines) == 2
    assert len(read(text.replace("\n<", "<").encode()).lines) == 2


def test_what_ofxtools_reads_is_read_the_same() -> None:
    movements = [
        STMTTRN(
            trntype="CREDIT" if value > 0 else "DEBIT",
            dtposted=datetime(2026, 11, 3, 15, tzinfo=UTC),
            trnamt=value,
            fitid=f"F{number}",
            memo=f"Movement {number}",
        )
        for number, value in enumerate([Decimal("10.25"), Decimal("-3.10"), Decimal("999999.99")])
    ]
    statement = STMTRS(
        curdef="BRL",
        bankacctfrom=BANKACCTFROM(bankid="001", acctid="77", accttype="CHECKING"),
        banktranlist=BANKTRANLIST(
            *movements, dtstart=datetime(2026, 11, 1, tzinfo=UTC), dtend=datetime(2026, 11, 30, tzinfo=UTC)
        ),
        ledgerbal=LEDGERBAL(balamt=Decimal("1"), dtasof=datetime(2026, 11, 30, tzinfo=UTC)),
    )
    inner = ET.tostring(statement.to_etree()).decode()
    status = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
    sign_on = (
        f"<SIGNONMSGSRSV1><SONRS>{status}<DTSERVER>20261130</DTSERVER><LANGUAGE>POR</LANGUAGE></SONRS></SIGNONMSGSRSV1>"
    )
    body = f"<OFX>{sign_on}<BANKMSGSRSV1><STMTTRNRS><TRNUID>1</TRNUID>{status}{inner}</STMTTRNRS></BANKMSGSRSV1></OFX>"
    whole = (str(make_header(version=203)) + body).encode()
    tree = OFXTree()
    tree.parse(io.BytesIO(whole))
    theirs = tree.convert().statements[0].transactions
    ours = read(whole).lines
    assert [(one.trnamt, one.fitid, one.memo, one.dtposted.date()) for one in theirs] == [
        (line.amount, line.bank_id, line.memo, line.on) for line in ours
    ]


def test_hostile_entities_are_refused() -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><OFX><STMTTRN>&b;</STMTTRN></OFX>'
    )
    with pytest.raises(Unreadable, match="entities"):
        read(bomb)


def test_lines_that_share_an_identifier_stay_apart_and_keep_their_own_in_every_file() -> None:
    text = SGML.format(encoding="USASCII", charset="1252").replace("<FITID>A2", "<FITID>A1")
    first, again = read(text.encode()), read(text.encode())
    assert len({line.bank_id for line in first.lines}) == 2
    assert [line.bank_id for line in first.lines] == [line.bank_id for line in again.lines]


def test_debits_without_a_sign_are_debits() -> None:
    text = SGML.format(encoding="USASCII", charset="1252").replace("-89,90", "89,90")
    assert [line.amount for line in read(text.encode()).lines] == [Decimal("1250.00"), Decimal("-89.90")]


CSV = """Extrato da conta;;;
Período: 01/11/2026 a 30/11/2026;;;
Data;Histórico;Valor (R$);Saldo
01/11/2026;SALDO ANTERIOR;;1.000,00
03/11/2026;Pix recebido Ana;150,00;1.150,00
03/11/2026;Pix recebido Ana;150,00;1.300,00
04/11/26;Tarifa;-12,50;1.287,50
"""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_csv_with_titles_and_balances(encoding: str) -> None:
    lines = read(CSV.encode(encoding)).lines
    assert [line.amount for line in lines] == [Decimal("150.00"), Decimal("150.00"), Decimal("-12.50")]
    assert len({line.bank_id for line in lines}) == 3  # the same twice is two
    assert lines[2].on == date(2026, 11, 4)


def test_a_csv_with_two_columns_of_money_and_one_with_a_direction() -> None:
    two = read(b"Date,Description,Credit,Debit\n2026-11-03,In,10.00,\n2026-11-04,Out,,4.50\n").lines
    assert [line.amount for line in two] == [Decimal("10.00"), Decimal("-4.50")]
    one = read("Data;Lançamento;Valor;Tipo\n03/11/2026;x;10,00;C\n03/11/2026;y;4,50;D\n".encode()).lines
    assert [line.amount for line in one] == [Decimal("10.00"), Decimal("-4.50")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        b"name;phone\nAna;11\n",
        b"<OFX></OFX>",
        b"<OFX><STMTTRN><DTPOSTED>20261332<TRNAMT>1</STMTTRN></OFX>",
        b"<OFX><STMTTRN><DTPOSTED>20261101<TRNAMT>1e999</STMTTRN></OFX>",
        b"<OFX><STMTTRN><DTPOSTED>20261101<TRNAMT>99999999999999999999</STMTTRN></OFX>",
        b"date;amount\n2026-11-03;abc\n",
        b'date;amount\n2026-11-03;"' + b"x" * 200_000,
        b"x" * (MAX_BYTES + 1),
    ],
)
def test_what_cannot_be_read_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)


@given(st.binary(max_size=400))
def test_no_bytes_whatever_make_it_fail_otherwise(noise: bytes) -> None:
    for content in (noise, b"<OFX><STMTTRN><DTPOSTED>" + noise, b"data;valor\n" + noise):
        with contextlib.suppress(Unreadable):
            read(content)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("-1234,5", "-1234.50"), ("1.234", "1234.00"),
        ("R$ -10,00", "-10.00"), ("(5,00)", "-5.00"), ("12,50 D", "-12.50"), ("7,00-", "-7.00"), ("+3", "3.00"),
        ("1.234.567", "1234567.00"), ("0.5", "0.50"),
    ],
)  # fmt: skip
def test_amounts_as_people_and_programs_write_them(text: str, value: str) -> None:
    assert amount(text) == Decimal(value)


def test_dates_that_are_none() -> None:
    assert [day(text) for text in ("31/02/2026", "20261301", "1/1/0001", "x", "99999999")] == [None] * 5
