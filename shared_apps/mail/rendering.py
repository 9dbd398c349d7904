"""One template, three parts: subject, text as it was written, and HTML around the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template
from django.utils import translation

PARTS = ("subject", "text", "html")


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(name: str, *, locale: str, context: Mapping[str, Any]) -> Rendered:
    """The mail `mail/<name>.html` in a language. Raises TemplateDoesNotExist."""
    template = get_template(f"mail/{name}.html")
    with translation.override(locale):
        parts = {part: template.render({**context, "part": part, "locale": locale}).strip() for part in PARTS}
    return Rendered(
        subject=" ".join(parts["subject"].split())[:200],  # one line, whatever somebody called their firm
        text=_tidy(parts["text"]),
        html=parts["html"],
    )


def _tidy(text: str) -> str:
    """Lines without the template's indentation, at most one empty line between two."""
    lines: list[str] = []
    for line in (line.strip() for line in text.splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"
