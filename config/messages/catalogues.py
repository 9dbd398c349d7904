"""Reading, renewing, writing and compiling the catalogues."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config.messages import extract, places

# No dates and no authors: what changes with every run only makes conflicts.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: colmeia\\n"
"Language: pt_BR\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""

Memory = dict[tuple[str | None, tuple[str, ...]], Any]  # context, text and plural -> translation


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=places.LOCALE)


def write(path: Path, catalog: Catalog) -> bool:
    """Whether that changed anything."""
    body = io.BytesIO()
    write_po(body, catalog, width=0, omit_header=True, include_lineno=False, sort_output=False)
    text = HEADER + body.getvalue().decode().strip() + "\n"
    if path.exists() and path.read_text() == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return True


def messages(catalog: Catalog) -> list[Message]:
    """Without the header."""
    return [message for message in catalog if message.id]


def renew(app: Path, memory: Memory) -> bool:
    """An app's catalogue holds what its sources say, in their order; translations are kept, and come from any app."""
    path = app / places.CATALOGUE
    fresh = extract.catalogue_of(app)
    kept = {_key(one): one for one in messages(read(path))} if path.exists() else {}
    for message in messages(fresh):
        known = kept.get(_key(message))
        if known is not None and _is_translated(known):
            message.string, message.user_comments = known.string, known.user_comments
            message.flags |= known.flags & {"fuzzy"}
        elif (remembered := memory.get(_key(message))) is not None:
            message.string = remembered
    if not messages(fresh):
        path.unlink(missing_ok=True)
        return bool(kept)
    return write(path, fresh)


def memory_of(paths: list[Path]) -> Memory:
    """Every translation there is: a text that moves to another app takes its translation along."""
    found: Memory = {}
    for path in paths:
        catalog = read(path)
        for message in [*messages(catalog), *catalog.obsolete.values()]:
            if _is_translated(message) and not message.fuzzy:
                found.setdefault(_key(message), message.string)
    return found


def compile_stale(root: Path = places.ROOT, *, force: bool = False) -> list[Path]:
    """Write the .mo of each catalogue that is newer than its own; those that were written."""
    written = []
    for path in places.catalogues(root):
        target = path.with_suffix(".mo")
        if not force and target.exists() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, read(path))
        fresh.replace(target)  # never half a file: a server may be reading it
        written.append(target)
    return written


def several(value: Any) -> tuple[str, ...]:
    """A text, or a text and its plural, as Babel gives it."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)


def _key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, several(message.id)


def _is_translated(message: Message) -> bool:
    return all(several(message.string))
