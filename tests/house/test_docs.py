"""What the guides name exists: pages, commands, variables, addresses; and the table of roles is the code's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from shared_apps.organizations.models import Role
from shared_apps.organizations.permissions import ROLE_PERMISSIONS, Permission

ROOT = Path(__file__).resolve().parents[2]
GUIDES = sorted((ROOT / "docs").rglob("*.md"))
PAGES = [*GUIDES, ROOT / "README.md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
CODE = re.compile(r"`([^`\n]+)`|^```.*?^```", re.MULTILINE | re.DOTALL)
TARGETS = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
VARIABLES = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
NO_VARIABLES = {"TENANT_APPS", "LC_MESSAGES", "CLOUDFLARE_TOKEN"}  # the proxy reads the last
ROW = re.compile(r"^\|[^|]*<!-- ([a-z.]+) --> \|(.*)\|$", re.MULTILINE)
ROLES = (Role.OWNER, Role.ADMIN, Role.STAFF, Role.VIEWER)

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())


def code_of(page: Path) -> list[str]:
    return [match[0].strip("`") for match in CODE.finditer(page.read_text())]


@every_page
def test_links_lead_somewhere(page: Path) -> None:
    targets = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    assert [link for link in targets if not (page.parent / link).exists()] == []


@every_page
def test_commands_exist(page: Path) -> None:
    code = "\n".join(code_of(page))
    commands = set(re.findall(r"manage\.py (\w+)", code))
    assert commands - set(get_commands()) == set()
    assert set(re.findall(r"^(?:\w+=\S+ )?make ([a-z0-9]+)", code, re.MULTILINE)) - TARGETS == set()
    modules = set(re.findall(r"python -m ((?:config|tests)[\w.]*)", code))
    assert [name for name in modules if not list(ROOT.glob(name.replace(".", "/") + "*"))] == []


@every_page
def test_variables_are_read(page: Path) -> None:
    named = {word for code in code_of(page) for word in re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", code)}
    assert named - VARIABLES - NO_VARIABLES == set()


@every_page
def test_addresses_are_served(page: Path) -> None:
    addresses = [code for code in code_of(page) if re.fullmatch(r"/[a-z0-9/-]*/", code)]
    assert [path for path in addresses if not is_served(path)] == []


def is_served(path: str) -> bool:
    for urlconf in ("config.urls.platform", "config.urls.tenant"):
        try:
            resolve(path, urlconf)
        except Resolver404:
            continue
        return True
    return False


@pytest.mark.parametrize("name", ["pt-br/primeiros-passos.md", "en/first-steps.md"])
def test_the_table_of_roles_is_the_codes(name: str) -> None:
    rows = dict(ROW.findall((ROOT / "docs" / name).read_text()))
    told = {
        permission: [bool(cell.strip()) for cell in cells.split("|")[: len(ROLES)]]
        for permission, cells in rows.items()
    }
    assert told == {
        permission.value: [permission in ROLE_PERMISSIONS[role] for role in ROLES] for permission in Permission
    }


def test_every_guide_is_in_both_languages_and_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text()
    listed = {tuple(LINK.findall(line)) for line in index.splitlines() if line.count("](") == 2}
    assert {page for pair in listed for page in pair} == {
        path.relative_to(ROOT / "docs").as_posix() for path in GUIDES if path.parent.name in {"en", "pt-br"}
    }
    for portuguese, english in listed:
        assert f"../{english}" in (ROOT / "docs" / portuguese).read_text()
        assert f"../{portuguese}" in (ROOT / "docs" / english).read_text()
