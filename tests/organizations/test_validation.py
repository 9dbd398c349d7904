"""Fields of an organization: what is taken, what is refused, and that the refusal names the field."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_apps.core.errors import FieldError
from shared_apps.organizations import validation


@pytest.mark.parametrize(("typed", "slug"), [("acme", "acme"), (" ACME ", "acme"), ("acme-sul-2", "acme-sul-2")])
def test_good_addresses(typed: str, slug: str) -> None:
    assert validation.slug(typed) == slug


@pytest.mark.parametrize(
    "typed", ["", "a", "-acme", "acme-", "ac--me", "xn--acme", "acme.sul", "ac me", "açme", "123", "a" * 41]
)
def test_addresses_that_are_no_dns_label(typed: str) -> None:
    with pytest.raises(FieldError) as refusal:
        validation.slug(typed)
    assert refusal.value.field == "slug"


@pytest.mark.parametrize("typed", ["www", "API", "admin", "mail", "static", "no-reply", "localhost"])
def test_reserved_addresses(typed: str) -> None:
    with pytest.raises(FieldError) as refusal:
        validation.slug(typed)
    assert refusal.value.code == "reserved"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("", ""),
        ("16.727.230/0001-97", "16727230000197"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),  # letters, since July 2026
        ("12abc34501de35", "12ABC34501DE35"),
        ("390.533.447-05", "39053344705"),
    ],
)
def test_documents(typed: str, stored: str) -> None:
    assert validation.document(typed) == stored


@pytest.mark.parametrize(
    "typed", ["1", "390.533.447-06", "16.727.230/0001-98", "00000000000", "11111111111111", "x" * 14]
)
def test_documents_of_nobody(typed: str) -> None:
    with pytest.raises(FieldError) as refusal:
        validation.document(typed)
    assert (refusal.value.field, refusal.value.code) == ("document", "invalid_document")


@pytest.mark.parametrize(
    ("check", "field", "typed"),
    [
        (validation.timezone, "timezone", "Mars/Olympus"),
        (validation.timezone, "timezone", "../../etc/passwd"),
        (validation.locale, "locale", "tlh"),
        (validation.name, "name", "   "),
        (validation.name, "name", "x" * 121),
        (validation.name, "name", "a\x00b"),
        (validation.legal_name, "legal_name", "a\x1bb"),
        (validation.document, "document", "\udcff"),
        (validation.email, "email", "nobody"),
        (validation.email, "email", f"{'a' * 250}@example.org"),
        (validation.slug, "slug", 7),
    ],
)
def test_refusals_name_the_field(check: Callable[[str], str], field: str, typed: str) -> None:
    with pytest.raises(FieldError) as refusal:
        check(typed)
    assert refusal.value.field == field
    assert refusal.value.detail


def test_blanks_are_tidied() -> None:
    assert validation.name("  Acme\u00a0\t Piscinas ") == "Acme Piscinas"
    assert validation.email(" Owner@ACME.example ") == "owner@acme.example"
    assert validation.timezone("America/Manaus") == "America/Manaus"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_taken_or_refused_by_field(typed: str) -> None:
    checks = (
        validation.slug,
        validation.name,
        validation.document,
        validation.timezone,
        validation.locale,
        validation.email,
    )
    for check in checks:
        with suppress(FieldError):
            final = check(typed)
            assert check(final) == final  # what is stored is in its final form
