"""CPF, CNPJ, phone, CEP."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.errors import FieldError
from tenant_apps.clients import documents
from tests.factories.clients import a_cnpj, a_cpf


@given(st.integers(0, 8 * 10**8))
def test_a_cpf_is_read_with_and_without_punctuation(number: int) -> None:
    cpf = a_cpf(number)
    if len(set(cpf)) > 1:
        dotted = f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
        assert documents.document(dotted, company=False) == documents.document(f" {cpf} ", company=False) == cpf


@given(st.integers(0, 10**7))
def test_a_cnpj_is_read_with_and_without_punctuation(number: int) -> None:
    cnpj = a_cnpj(number)
    dotted = f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}"
    assert documents.document(dotted, company=True) == documents.document(cnpj, company=True) == cnpj


def test_a_cnpj_may_have_letters() -> None:
    assert documents.document("12.abc.345/01de-35", company=True) == "12ABC34501DE35"


@given(st.integers(0, 8 * 10**8), st.integers(1, 9))
def test_a_wrong_check_digit_is_noticed(number: int, by: int) -> None:
    cpf = a_cpf(number)
    with pytest.raises(FieldError):
        documents.document(cpf[:10] + str((int(cpf[10]) + by) % 10), company=False)


@given(st.text(max_size=60))
def test_no_text_breaks_them(text: str) -> None:
    checks: list[Callable[[], str]] = [
        lambda: documents.document(text, company=True),
        lambda: documents.document(text, company=False),
        lambda: documents.phone(text),
        lambda: documents.postal_code(text),
        lambda: documents.state(text),
    ]
    for check in checks:
        with suppress(FieldError):
            assert "\x00" not in check()


@pytest.mark.parametrize(
    "typed", ["११११११११११११", "1.1.1", "39053344705x", "39053344706", "00000000000", "٣٩٠٥٣٣٤٤٧٠٥"]
)
def test_what_is_no_cpf(typed: str) -> None:
    with pytest.raises(FieldError):
        documents.document(typed, company=False)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("(19) 98765-4321", "+5519987654321"), ("19 3234-5678", "+551932345678"), ("+1 415 555 2671", "+14155552671")],
)
def test_phones_are_kept_as_e164(typed: str, kept: str) -> None:
    assert documents.phone(typed) == kept


@pytest.mark.parametrize("typed", ["98765-4321", "190", "+999 1", "19 98765-4321 ext 5", "phone"])
def test_what_is_no_phone(typed: str) -> None:
    with pytest.raises(FieldError):
        documents.phone(typed)
