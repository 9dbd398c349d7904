"""Search words: what of a client can be found, and what a person's typing asks for.

Both sides go through the same normalisation, in Python, so that no extension (unaccent, pg_trgm) and no language
configuration of the server is involved. The words become a tsvector as they are (`array_to_tsvector`); a query is a
tsquery of prefixes: every word that was typed must begin some word of the client.

A phone is found by its beginning with or without country and area code, and by its end: its digits are also kept
backwards behind a `~`. States and cities are kept behind an `@` for filtering.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import phonenumbers
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func, Lookup, TextField, Value

MAX_WORDS = 12  # of a query; more cannot narrow a search any further
MAX_WORD = 80
_PIECES = re.compile(r"[^\W_]+")


def normalise(text: str) -> str:
    """Lower case without accents: "São João" -> "sao joao". Applying it twice changes nothing."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    while True:
        bare = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c)).casefold()
        if bare == folded:
            return bare
        folded = bare


def name_key(name: str) -> str:
    """What names are ordered by: letters and digits, accents and case aside. At most 320 characters."""
    return " ".join(_PIECES.findall(normalise(name)))[:320]


def beginning(typed: str) -> str:
    """The first word of what was typed, as `name_key` has it: whoever is called so is meant before all others.

    Empty if it is a number, which is part of a document or a phone.
    """
    word = next(iter(_PIECES.findall(normalise(typed))), "")
    return "" if word.isdecimal() else word


def _typed(text: str) -> list[tuple[str, list[str]]]:
    """Each blank-separated word as one word and as its pieces: "d'ávila" -> ("davila", ["d", "avila"])."""
    words = ([piece[:MAX_WORD] for piece in _PIECES.findall(word)] for word in normalise(text).split())
    return [("".join(pieces)[:MAX_WORD], pieces) for pieces in words if pieces]


def of_text(text: str) -> set[str]:
    return {word for whole, pieces in _typed(text) for word in (whole, *pieces)}


def of_phone(phone: str) -> set[str]:
    """Words of an E.164 number: all of it, without country code, without area code, and backwards."""
    digits = phone.lstrip("+")
    if not digits:
        return set()
    words = {digits, f"~{digits[::-1]}"}
    if phone.startswith("+55"):
        return words | {digits[2:], digits[4:]}
    try:
        return words | {phonenumbers.national_significant_number(phonenumbers.parse(phone))}
    except phonenumbers.NumberParseException:
        return words


def of_place(city: str, state: str) -> set[str]:
    """Words for searching by city and for filtering by state, city, or both."""
    filed, uf = _filed(city), normalise(state)
    marks = {f"@{uf}" if uf else "", f"@:{filed}" if filed else "", f"@{uf}:{filed}" if uf and filed else ""}
    return (of_text(city) | marks) - {""}


def of_client(*, name: str, legal_name: str, document: str, phone: str, places: Iterable[tuple[str, str]]) -> list[str]:
    """Every word by which a client is found. `places` are (city, state) pairs."""
    words = of_text(name) | of_text(legal_name) | of_text(document) | of_phone(phone)
    for city, state in places:
        words |= of_place(city, state)
    return sorted(words)


def query(typed: str = "", *, city: str = "", state: str = "") -> str:
    """The tsquery, as text, of what was typed and of a city and a state to keep to. Empty when nothing is asked.

    What has no letter and no digit ("!!!") asks for something that nobody has.
    """
    asked = [_word_query(whole, pieces) for whole, pieces in _typed(typed)][:MAX_WORDS]
    if typed.strip() and not asked:
        asked = ["'@nobody'"]
    if city.strip() or state.strip():
        filed, uf = _filed(city), _quoted(normalise(state.strip()))
        asked.append(f"'@{uf}{':' + filed if filed else ''}'")
    return " & ".join(asked)


def likeness(*, name: str = "", document: str = "", phone: str = "") -> str:
    """The tsquery of clients with this document, this phone or, if it has two words, all words of this name."""
    pieces = sorted({piece for _whole, parts in _typed(name) for piece in parts})[:MAX_WORDS]
    named = " & ".join(f"'{piece}'" for piece in pieces) if len(pieces) > 1 else ""
    bare = ["".join(_PIECES.findall(normalise(text))) for text in (document, phone)]
    ways = [f"({named})" if named else "", *(f"'{text}'" if len(text) > 7 else "" for text in bare)]
    return " | ".join(filter(None, ways))


def vector(words: list[str]) -> Func:
    """The words as a tsvector expression, to be written to `Client.search`."""
    return Func(
        Value(words, output_field=ArrayField(TextField())),
        function="array_to_tsvector",
        output_field=SearchVectorField(),
    )


def literal(words: list[str]) -> str:
    """The same as PostgreSQL writes it down (section 8.11.1 of its manual): 'joao' 'silva'."""
    return " ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)


@SearchVectorField.register_lookup
class Words(Lookup):
    """`search__words="'sil':* & 'joao':*"`: a tsquery taken as it is written, past any parser or dictionary."""

    lookup_name = "words"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", (*params, self.rhs)


@SearchVectorField.register_lookup
class ReadWords(Words):
    """The same, read in each row: the index does not know it by this name."""

    lookup_name = "read_words"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"ts_match_vq({column}, %s::tsquery)", (*params, self.rhs)


def _word_query(whole: str, pieces: list[str]) -> str:
    ways = [f"'{whole}':*"]
    if len(pieces) > 1:
        ways.append("(" + " & ".join(f"'{piece}':*" for piece in pieces) + ")")
    if whole.isdecimal() and len(whole) >= 3:
        ways.append(f"'~{whole[::-1]}':*")
    return ways[0] if len(ways) == 1 else f"({' | '.join(ways)})"


def _filed(city: str) -> str:
    return "_".join(_PIECES.findall(normalise(city)))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "''")
