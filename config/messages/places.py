"""Where the apps and their catalogues are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("shared_apps", "billing", "tenant_apps")
LOCALE = "pt_BR"
CATALOGUE = Path("locale") / LOCALE / "LC_MESSAGES" / "django.po"
OVERRIDES = ROOT / CATALOGUE  # what packages say and we say otherwise: kept by hand, never extracted


def apps(root: Path = ROOT) -> list[Path]:
    """Every Django app of ours."""
    return sorted(path.parent for storey in STOREYS for path in (root / storey).rglob("apps.py"))


def catalogues(root: Path = ROOT) -> list[Path]:
    """Every catalogue there is, the overrides among them."""
    found = [app / CATALOGUE for app in apps(root)] + [root / CATALOGUE]
    return [path for path in found if path.exists()]


def python_files(app: Path) -> Iterator[Path]:
    for path in sorted(app.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path


def templates(app: Path) -> Iterator[Path]:
    """Pages and mails, and the texts of mails."""
    for folder in sorted(path for path in app.rglob("templates") if path.is_dir()):
        yield from sorted(path for path in folder.rglob("*") if path.suffix in {".html", ".txt"})


def shown(path: Path, root: Path = ROOT) -> str:
    """A path as people name it."""
    return path.relative_to(root).as_posix()
