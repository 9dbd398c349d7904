"""Filling a text in. Not a template language: `{{ name }}` is replaced, all else is text, whatever it looks like.

What a variable stands for is never read again, so a client called "{{ amount }}" stays called that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]{0,39})\s*\}\}")
_BRACES = re.compile(r"\{\{(.{0,60}?)\}\}|\{\{|\}\}", re.DOTALL)
_ENDS = re.compile(r"[ \t]+(?=\n|$)")


def render(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; one that is missing leaves nothing behind, not even an empty line."""
    lines: list[str] = []
    for line in text.split("\n"):
        filled = _VARIABLE.sub(lambda match: values.get(match[1], ""), line)
        if filled.strip() or not _VARIABLE.search(line):
            lines.append(filled)
    return _ENDS.sub("", "\n".join(lines)).strip()


def unknown(text: str, allowed: Collection[str]) -> list[str]:
    """What stands in braces and is no variable, as it was written, each once."""
    found = []
    for match in _BRACES.finditer(text):
        name = (match[1] or "").strip()
        if not (_VARIABLE.fullmatch(match[0]) and name in allowed):
            found.append(name or match[0])
    return list(dict.fromkeys(found))
