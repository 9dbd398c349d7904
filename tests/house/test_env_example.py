"""`.env.example` names every variable that is read, and none that is not."""

import ast
import re
from pathlib import Path

import pytest

from config.environment import Env

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
ASSIGNMENT = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]*)=", re.MULTILINE)
SHELL_VARIABLE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)")
# Read by Django itself, in no file of ours that is parsed here.
OF_DJANGO = {"DJANGO_SETTINGS_MODULE"}


def read_by_python(path: Path) -> set[str]:
    """Names in `env("X")`, `env.int("X")`, `os.environ["X"]`, `os.environ.get("X")`, with a literal name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and node.args and _reads_environment(node.func):
            argument: ast.expr = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            argument = node.slice
        else:
            continue
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            names.add(argument.value)
    return names


def _reads_environment(function: ast.expr) -> bool:
    return re.fullmatch(r"env(\.\w+)?|os\.environ\.get|os\.getenv", ast.unparse(function)) is not None


def read_by_settings() -> set[str]:
    return set().union(*(read_by_python(path) for path in (ROOT / "config" / "settings").glob("*.py")))


def read_elsewhere() -> set[str]:
    python = [*(ROOT / "deploy").glob("*.py"), *(ROOT / "config").glob("*.py"), ROOT / "manage.py"]
    shell = [ROOT / "deploy" / "entrypoint.sh", ROOT / "docker-compose.yml"]
    return set().union(
        *(read_by_python(path) for path in python),
        *(SHELL_VARIABLE.findall(path.read_text()) for path in shell),
    )


def test_every_variable_of_the_settings_is_named() -> None:
    assert "DATABASE_URL" in read_by_settings()
    assert read_by_settings() - set(ASSIGNMENT.findall(EXAMPLE)) == set()


def test_every_variable_of_the_containers_is_named() -> None:
    assert "POSTGRES_PASSWORD" in read_elsewhere()
    # Ours for the children of `make run`, not for anybody to set.
    assert read_elsewhere() - set(ASSIGNMENT.findall(EXAMPLE)) == {"PYTHONUNBUFFERED"}


def test_no_variable_is_named_that_nothing_reads() -> None:
    assert set(ASSIGNMENT.findall(EXAMPLE)) - read_by_settings() - read_elsewhere() - OF_DJANGO == set()


def test_no_variable_is_named_twice() -> None:
    names = ASSIGNMENT.findall(EXAMPLE)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", sorted(set(ASSIGNMENT.findall(EXAMPLE))))
def test_each_variable_has_a_comment(name: str) -> None:
    """Its own, or that of the assignment right above it."""
    lines = EXAMPLE.splitlines()
    at = next(number for number, line in enumerate(lines) if re.match(rf"(# )?{name}=", line))
    above = at - 1
    while ASSIGNMENT.match(lines[above]):
        above -= 1
    assert lines[above].startswith("# ")
    assert not lines[above].startswith("# --")


def test_a_value_that_begins_with_a_dollar_is_that_value(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a key of Asaas does; it is not the name of another variable."""
    monkeypatch.setenv("ASAAS_API_KEY", "$aact_hmlg_000")
    monkeypatch.setenv("SECRETS", "$one,two")
    assert Env()("ASAAS_API_KEY", default="") == "$aact_hmlg_000"
    assert Env().list("SECRETS", default=[]) == ["$one", "two"]
