"""Text in Python that people see and no gettext holds: a hint, not a proof."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

WORDS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
NAMES = {"CEP", "CPF", "CNPJ", "UF", "CSV", "XLSX", "Colmeia", "Google"}
# Keyword arguments, and class attributes, that are shown wherever they appear.
SHOWN = {"label", "help_text", "verbose_name", "verbose_name_plural", "empty_label", "default_detail", "message"}
# Functions and classes whose positional arguments of these positions are shown.
CALLED = {
    "toast": (1,),
    "FieldError": (1,),
    "ValidationError": (0,),
    "Item": (0,),
    "DomainError": (0,),
    "Refusal": (2, 3),
}
UNREAD = ("/management/", "/demo.py", "/showcase.py", "/api/schema.py", "/openapi.py")


def bare(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of each literal that is given where people read it."""
    if any(part in path.as_posix() for part in UNREAD):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        for value in _shown(node):
            if isinstance(value, ast.Constant) and isinstance(value.value, str) and _is_text(value.value):
                yield value.lineno, value.value
            elif isinstance(value, ast.JoinedStr):
                said = [one for one in value.values if isinstance(one, ast.Constant) and _is_text(str(one.value))]
                if said:
                    yield value.lineno, ast.unparse(value)


def _shown(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func).rpartition(".")[2]
        yield from (node.args[position] for position in CALLED.get(name, ()) if position < len(node.args))
        yield from (keyword.value for keyword in node.keywords if keyword.arg in SHOWN)
    elif isinstance(node, ast.ClassDef) and not node.name.endswith("Config"):  # an app's label is a name for code
        for one in node.body:
            if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name) and one.targets[0].id in SHOWN:
                yield one.value


def _is_text(text: str) -> bool:
    return any(word not in NAMES for word in WORDS.findall(text))
