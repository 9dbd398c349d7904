"""The texts that the sources mark: gettext and its kin in Python, translate and blocktranslate in templates."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

from config.messages import places

COMMENT = "Translators:"
CONTEXT = "c"
SIMPLE = ("_", "gettext", "gettext_lazy", "gettext_noop")
# Function -> which arguments are the context (c), the text and its plural.
FUNCTIONS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(SIMPLE, (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, CONTEXT), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, CONTEXT), 2, 3)),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One marked text; `id` is a pair when it has a plural."""

    id: str | tuple[str, str]
    context: str | None
    path: Path
    line: int
    comments: tuple[str, ...] = ()


def catalogue_of(app: Path) -> Catalog:
    """Everything that an app's sources say, untranslated."""
    catalog = Catalog(locale=places.LOCALE)
    for text in texts_of(app):
        location = (places.shown(text.path), text.line)
        catalog.add(text.id, locations=[location], auto_comments=list(text.comments), context=text.context)
    return catalog


def texts_of(app: Path) -> Iterator[Text]:
    for path in places.python_files(app):
        yield from of_python(path, path.read_text())
    for path in places.templates(app):
        yield from of_template(path, path.read_text())


def of_python(path: Path, source: str) -> Iterator[Text]:
    yield from _extracted(path, source, called(source))


def called(source: str) -> dict[str, tuple[Any, ...]]:
    """FUNCTIONS, also by the names under which this module imports them."""
    found = dict(FUNCTIONS)
    for node in ast.parse(source).body if " as " in source else []:
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            found |= {one.asname: FUNCTIONS[one.name] for one in node.names if one.asname and one.name in FUNCTIONS}
    return found


def of_template(path: Path, source: str) -> Iterator[Text]:
    if not settings.configured:
        settings.configure()
    # What Django makes of a template is Python, but for its indentation.
    lines = templatize(source, origin=str(path)).splitlines()
    yield from _extracted(path, "\n".join(line.strip() for line in lines), FUNCTIONS)


def _extracted(path: Path, source: str, functions: dict[str, tuple[Any, ...]]) -> Iterator[Text]:
    found: Any = extract_python(io.BytesIO(source.encode()), functions, [COMMENT], {"encoding": "utf-8"})
    for line, function, arguments, comments in found:
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        context: str | None = None
        strings: list[Any] = []
        for spec in functions[function]:
            position = spec[0] if isinstance(spec, tuple) else spec
            value = given[position - 1] if position <= len(given) else None
            if isinstance(spec, tuple):
                context = value
            else:
                strings.append(value)
        if all(isinstance(value, str) and value for value in strings):
            id_ = strings[0] if len(strings) == 1 else (strings[0], strings[1])
            yield Text(id_, context, path, line, tuple(comments))
