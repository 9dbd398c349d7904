"""What is found: whatever a client is called, any beginning of any of its words finds it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from tenant_apps.clients import words

names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=160)
quiet = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize(
    ("text", "expected"),
    [("São João", "sao joao"), ("ÁÉÍÓÚÇÃÕ", "aeioucao"), ("Straße", "strasse"), ("ﬁlter", "filter"), ("İ", "i")],
)
def test_normalise(text: str, expected: str) -> None:
    assert words.normalise(text) == expected


@given(st.text())
@example("İ̇ﬃ")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = words.normalise(text)
    assert words.normalise(once) == once


@given(names)
def test_words_hold_nothing_that_a_query_would_have_to_escape(name: str) -> None:
    for word in words.of_text(name):
        assert re.fullmatch(r"[^\W_]{1,80}", word)


@quiet
@given(name=names, data=st.data())
def test_any_beginning_of_any_word_finds_the_client(db: None, name: str, data: st.DataObject) -> None:
    kept = words.of_client(name=name, legal_name="", document="", phone="", places=[])
    assume(kept)  # a name of nothing but punctuation has no words
    word = data.draw(st.sampled_from(kept))
    typed = word[: data.draw(st.integers(1, max(1, len(word))))]
    assert matches(kept, typed)
    assert matches(kept, name)


@quiet
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_whatever_is_typed_is_a_query_that_postgresql_reads(db: None, typed: str) -> None:
    matches(["a", "1"], typed)


@quiet
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), st.sampled_from(["", "SP"]))
def test_any_city_is_found_whole(db: None, city: str, state: str) -> None:
    kept = sorted(words.of_place(city, state))
    asked = words.query(city=city, state=state)
    if asked and words.of_text(city):
        assert matches_query(kept, asked)


@given(st.text(max_size=160))
def test_the_order_key_fits_its_column(name: str) -> None:
    assert len(words.name_key(name)) <= 320


@pytest.mark.parametrize("phone", ["+5519987654321", "+551932345678", "+14155552671", "+351912345678"])
def test_any_end_of_a_phone_finds_it(db: None, phone: str) -> None:
    kept = words.of_client(name="", legal_name="", document="", phone=phone, places=[])
    digits = phone.lstrip("+")
    for start in range(len(digits) - 3):
        assert matches(kept, digits[start:])
    assert matches(kept, phone)
    assert not matches(kept, "0000")


def matches(kept: list[str], typed: str) -> bool:
    asked = words.query(typed)
    return matches_query(kept, asked) if asked else True


def matches_query(kept: list[str], asked: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", [kept, asked])
        found: bool = cursor.fetchone()[0]
    return found
