"""The BR Code against strings that were published with their checksums; and what is a key."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shared_apps.core import qr
from shared_apps.core.errors import FieldError
from tenant_apps.finance import pix

EVP = "123e4567-e12b-12d1-a456-426655440000"
MANUAL = (  # Banco Central, manual of the BR Code
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal"
    "6008BRASILIA62070503***63041D3D"
)
DYNAMIC = (  # the same manual
    "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR"
    "5913Fulano de Tal6008BRASILIA62070503***630464E4"
)
PUBLISHED: list[tuple[str, dict[str, Any]]] = [
    (MANUAL, {"key": EVP, "name": "Fulano de Tal", "city": "BRASILIA"}),
    (  # Woovi's documentation
        ("00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-42665544000052040000530398654041.005802BR5915"
        "Call_me_Awesome6009Sao_Paulo622905259134e2866f71427abf001000063047029"),
        {"key": EVP, "name": "Call_me_Awesome", "city": "Sao_Paulo", "amount": "1",
         "txid": "9134e2866f71427abf0010000"},
    ),
    (  # Stark Bank's SDK
        ("00020126360014br.gov.bcb.pix0114+552840092118152040000530398654040.095802BR5915Jamie Lannister6009Sao Paulo"
        "620705038566304FC6C"),
        {"key": "+5528400921181", "name": "Jamie Lannister", "city": "São Paulo", "amount": "0.09", "txid": "856"},
    ),
    (
        ("00020126640014br.gov.bcb.pix0114112223330001810224Mensalidade 11/2026 Zeca520400005303986540529.905802BR5916"
        "PELADA DO BAIRRO6006BRASIL62070503***6304F4A0"),
        {
            "key": "11222333000181", "name": "PELADA DO BAIRRO", "city": "BRASIL", "amount": "29.90",
            "message": "Mensalidade 11/2026 Zeca",
        },
    ),
    (
        ("00020126770014br.gov.bcb.pix0127tesouraria@futquarta.com.br0224Mensalidade 01/2027 Joao520400005303986540"
        "71234.505802BR5909FUTQUARTA6006BRASIL62070503***6304EA1F"),
        {
            "key": "tesouraria@futquarta.com.br", "name": "FUTQUARTA", "city": "BRASIL", "amount": "1234.50",
            "message": "Mensalidade 01/2027 João",
        },
    ),
]  # fmt: skip
UPPER = [  # from the READMEs of pixqrcodegen and pix-utils, which write the address of PIX in capitals
    (
        "00020126330014BR.GOV.BCB.PIX01111234567890052040000530398654041.005802BR5914Nome Sobrenome6015Cidade Ficticia"
        "62100506LOJA016304C8E4"
    ),
    (
        "00020126330014BR.GOV.BCB.PIX011111438374798520400005303986540510.005802BR5908John Doe6009Sao Paulo62120508"
        "1234567863046A00"
    ),
]


@pytest.mark.parametrize(("code", "given"), PUBLISHED)
def test_the_code_is_the_published_one(code: str, given: dict[str, Any]) -> None:
    amount = Decimal(given.pop("amount")) if "amount" in given else None
    assert pix.br_code(**given, amount=amount) == code


def test_the_order_of_fields_is_that_of_others_too() -> None:
    code = pix.br_code(
        key="12345678900", name="Nome Sobrenome", city="Cidade Ficticia", amount=Decimal(1), txid="LOJA01"
    )
    assert code[:-4] == UPPER[0][:-4].replace("BR.GOV.BCB.PIX", "br.gov.bcb.pix")


@pytest.mark.parametrize("code", [DYNAMIC, *UPPER, *(code for code, _given in PUBLISHED)])
def test_checksums(code: str) -> None:
    assert pix.is_sound(code)
    assert not pix.is_sound(code[:-1] + ("E" if code[-1] != "E" else "F"))
    assert not pix.is_sound(code.replace("5802BR", "5802US"))


def test_whatever_the_firm_is_called_the_code_can_be_read() -> None:
    code = pix.br_code(
        key=EVP, name="Piscinas São João & Irmãos do Interior Ltda\x00", city="日本", amount=Decimal("9999999999.99"),
        txid="ç-../" * 20, message="é" * 300,
    )  # fmt: skip
    assert pix.is_sound(code)
    assert code.isascii()
    assert "5925Piscinas Sao Joao & Irmao" in code
    assert "6001N" in code


@pytest.mark.parametrize("amount", [0, -1, "10000000000"])
def test_no_code_of_an_absurd_amount(amount: Any) -> None:
    with pytest.raises(ValueError, match="no amount"):
        pix.br_code(key=EVP, name="N", city="C", amount=Decimal(amount))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("390.533.447-05", "39053344705"),
        ("11.222.333/0001-81", "11222333000181"),
        (" Ana@Example.COM ", "ana@example.com"),
        ("(11) 98765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        (EVP.upper(), EVP),
        ("", ""),
    ],
)
def test_a_key_is_kept_as_banks_take_it(typed: str, kept: str) -> None:
    assert pix.key("pix_key", typed) == kept


@pytest.mark.parametrize("typed", ["abc", "111.111.111-11", "390.533.447-06", "a@b", "123e4567", "x" * 500, "+1", "@"])
def test_what_is_no_key_is_refused(typed: str) -> None:
    with pytest.raises(FieldError):
        pix.key("pix_key", typed)


def test_the_picture_has_no_style_of_its_own() -> None:
    drawn = qr.svg(MANUAL)
    assert drawn.startswith("<svg")
    assert "xmlns" in drawn
    assert "viewBox" in drawn  # or a page that makes it smaller cuts it
    assert "style" not in drawn
