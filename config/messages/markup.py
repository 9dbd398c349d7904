"""Text in templates that no translate tag holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType, tag_re

HOLE = "\ue000"  # stands where a tag or a variable was
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
NO_TEXT = re.compile(r"""&#?\w+;|\S*(?:://|@)\S*|[\w:-]+="[^"]*\"""")  # entities, addresses, attributes in a block
# What is the same in every language.
NAMES = {
    "Colmeia",
    "CPF",
    "CNPJ",
    "CEP",
    "Google",
    "Português",
    "English",
    "WhatsApp",
    "API",
    "CSV",
    "XLSX",
    "DNS",
    "TXT",
    "UTC",
}
SEEN = {
    "title",
    "placeholder",
    "aria-label",
    "alt",
    "data-ask",
    "data-confirm",
    "aria-description",
    "label",
    "data-default",
}
# Arguments of {% include %} that are shown.
SHOWN = {
    "title", "text", "label", "placeholder", "action", "second_action", "summary", "optional", "note", "heading",
    "question", "caption", "axis", "button", "hint", "context",
}  # fmt: skip
ARGUMENT = re.compile(r"""(\w+)=("[^"]*"|'[^']*')""")
OURS = ("web/showcase.html", "allauth/elements/button.html")  # seen in development only; holds no text of its own
UNREAD = {"script", "style", "code", "kbd", "pre", "samp"}
BLOCKS = {"comment": "endcomment", "verbatim": "endverbatim"}
BLOCKS |= {"blocktranslate": "endblocktranslate", "blocktrans": "endblocktrans"}


def bare(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of what people would read in English whatever their language."""
    if path.as_posix().endswith(OURS):
        return
    source = path.read_text()
    yield from _of_includes(source)
    rest = _without_tags(source)
    if path.suffix == ".html":
        yield from _Reader().read(rest)
    else:
        for number, line in enumerate(rest.splitlines(), 1):
            if is_text(line):
                yield number, line.replace(HOLE, "…").strip()


def is_text(text: str) -> bool:
    """Whether somebody reads words there that are of one language."""
    return any(word not in NAMES for word in WORD.findall(NO_TEXT.sub(" ", text)))


def _without_tags(source: str) -> str:
    """The template with holes for its tags and for all that translate tags hold; every line stays where it is."""
    kept, until = [], ""
    for token, text in _tokens(source):
        name = token.contents.split(None, 1)[0] if token.contents.strip() else ""
        if until:
            if token.token_type == TokenType.BLOCK and name == until:
                until = ""
            kept.append("\n" * text.count("\n"))
        elif token.token_type == TokenType.BLOCK and name in BLOCKS:
            until = BLOCKS[name]
            kept.append(HOLE + "\n" * text.count("\n"))
        else:
            kept.append(text if token.token_type == TokenType.TEXT else HOLE + "\n" * text.count("\n"))
    return "".join(kept)


def _tokens(source: str) -> Iterator[tuple[Token, str]]:
    """Each token with the source it was made of."""
    lexer, line, verbatim = Lexer(source), 1, False
    for part in tag_re.split(source):
        if part:
            token = lexer.create_token(part, None, line, verbatim)
            yield token, part
            line += part.count("\n")
        verbatim = not verbatim


def _of_includes(source: str) -> Iterator[tuple[int, str]]:
    for token, _text in _tokens(source):
        if token.token_type == TokenType.BLOCK and token.contents.startswith(("include ", "with ")):
            for name, quoted in ARGUMENT.findall(token.contents):
                if name in SHOWN and is_text(quoted[1:-1]):
                    yield token.lineno or 0, quoted[1:-1]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, str]] = []
        self.unread: list[str] = []

    def read(self, html: str) -> list[tuple[int, str]]:
        self.feed(html)
        self.close()
        return self.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNREAD:
            self.unread.append(tag)
        for name, value in attrs:
            if name in SEEN and value and is_text(value):
                self.found.append((self.getpos()[0], f'{name}="{value.replace(HOLE, "…")}"'))

    def handle_endtag(self, tag: str) -> None:
        if self.unread and tag == self.unread[-1]:
            self.unread.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread and is_text(data):
            self.found.append((self.getpos()[0], data.replace(HOLE, "…").strip()))
