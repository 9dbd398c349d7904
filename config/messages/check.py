"""What is wrong with the catalogues and with the sources: "file:line: what", each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from config.messages import catalogues, extract, markup, places, sources

PLACEHOLDER = re.compile(r"%\((\w+)\)[#0 +-]*[\d.]*[a-zA-Z]|%[sd]|\{(\w*)\}|%%")


def everything(root: Path = places.ROOT) -> list[str]:
    problems: list[str] = []
    for app in places.apps(root):
        problems += catalogue(app, root)
        for path in places.templates(app):
            problems += (
                f"{places.shown(path, root)}:{line}: not marked for translation: {text!r}"
                for line, text in markup.bare(path)
            )
        for path in places.python_files(app):
            problems += (
                f"{places.shown(path, root)}:{line}: not marked for translation: {text!r}"
                for line, text in sources.bare(path)
            )
    overrides = root / places.CATALOGUE
    if overrides.exists():
        problems += (
            f"{places.shown(overrides, root)}:{line}: {what}" for line, what in translations(catalogues.read(overrides))
        )
    problems += contradictions(root)
    return problems


def catalogue(app: Path, root: Path = places.ROOT) -> Iterator[str]:
    """Untranslated, fuzzy, obsolete and missing entries of an app, and placeholders that differ."""
    path = app / places.CATALOGUE
    said = {(text.context, text.id): text for text in extract.texts_of(app)}
    found = catalogues.read(path) if path.exists() else Catalog(locale=places.LOCALE)
    kept = {(message.context, message.id) for message in catalogues.messages(found)}
    for line, what in translations(found):
        yield f"{places.shown(path, root)}:{line}: {what}"
    for message in catalogues.messages(found):
        if (message.context, message.id) not in said:
            yield f"{places.shown(path, root)}:{message.lineno}: obsolete: {_short(catalogues.several(message.id))}"
    for message in found.obsolete.values():
        yield f"{places.shown(path, root)}:{message.lineno}: obsolete: {_short(catalogues.several(message.id))}"
    for key, text in said.items():
        if key not in kept:
            where = f"{places.shown(text.path, root)}:{text.line}"
            yield f"{where}: not in the catalogue: {_short(catalogues.several(text.id))}"


def contradictions(root: Path = places.ROOT) -> Iterator[str]:
    """One text, two translations: Django makes one catalogue of all, so one of them would never be seen."""
    first: dict[object, tuple[Path, tuple[str, ...]]] = {}
    for path in places.catalogues(root):
        for message in catalogues.messages(catalogues.read(path)):
            said = catalogues.several(message.string)
            where, before = first.setdefault((message.context, catalogues.several(message.id)[0]), (path, said))
            if all(said) and all(before) and said[0] != before[0]:
                what = f"{_short(catalogues.several(message.id))} is {before[0]!r} in {places.shown(where, root)}"
                yield f"{places.shown(path, root)}:{message.lineno}: {what}"


def translations(catalog: Catalog) -> Iterator[tuple[int, str]]:
    for message in catalogues.messages(catalog):
        line, ids, strings = message.lineno or 0, catalogues.several(message.id), catalogues.several(message.string)
        if message.fuzzy:
            yield line, f"fuzzy: {_short(ids)}"
        if not all(strings) or len(strings) < len(ids):
            yield line, f"untranslated: {_short(ids)}"
        elif problem := _unlike(ids, strings):
            yield line, f"{problem}: {_short(ids)}"


def _unlike(ids: tuple[str, ...], strings: tuple[str, ...]) -> str:
    """How a translation's placeholders or edges differ from the text's, else ""."""
    wanted = [placeholders(text) for text in ids]
    for number, string in enumerate(strings):
        own = placeholders(string)
        is_one = len(ids) == 2 and number == 0  # "a bee" needs no number
        if own not in wanted and not (is_one and own <= wanted[-1]):
            return f"placeholders {sorted(own)} instead of {sorted(wanted[-1])}"
    if any(ids[0][edge].isspace() != strings[0][edge].isspace() for edge in (0, -1)):
        return "a space at an edge, or none"
    return ""


def placeholders(text: str) -> set[str]:
    return {match[0] for match in PLACEHOLDER.finditer(text)}


def _short(ids: tuple[str, ...]) -> str:
    text = ids[0]
    return repr(text if len(text) < 90 else f"{text[:87]}...")
