"""`manage.py migrate` when there is nothing to do, which is nearly always: answered before Django is set up.

Setting Django up takes longer than asking the database, so the same questions are asked here with two file-system walks
and one query: is every migration of the shared apps recorded in public, and is every schema at head? Any doubt (an app
that is not where its name says, an unknown table, an unreachable server) means that the full command has to answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

HARMLESS = {"--noinput", "--no-input"}
SAID = "Nothing to migrate: public, the template and every schema are at head."
ASK = """
SELECT (SELECT array_agg(app || '.' || name) FROM public.django_migrations),
       (SELECT count(*) FROM public.tenancy_schema
        WHERE kind = 'template' AND state = 'ready' AND head = %(head)s),
       (SELECT count(*) FROM public.tenancy_schema
        WHERE kind IN ('pool', 'organization') AND state IN ('ready', 'migrating', 'failed') AND head <> %(head)s)
"""


def nothing_to_migrate(arguments: Sequence[str]) -> bool:
    """Whether these arguments of manage.py ask for a migration, plainly, and there is none to do."""
    if arguments[:1] != ["migrate"] or not HARMLESS.issuperset(arguments[1:]):
        return False
    import psycopg
    from django.conf import settings

    from shared_apps.tenancy.head import fingerprint

    try:
        tenant = set(settings.TENANT_APPS)
        modules = getattr(settings, "MIGRATION_MODULES", {})
        shared = on_disk([app for app in settings.INSTALLED_APPS if app not in tenant], modules)
        head = fingerprint(on_disk(settings.TENANT_APPS, modules))
        with psycopg.connect(**_parameters(settings.DATABASES["default"])) as connection:
            recorded, templates, behind = connection.execute(ASK, {"head": head}).fetchone() or (None, 0, 0)
    except (LookupError, OSError, psycopg.Error):
        return False
    return templates == 1 and behind == 0 and {".".join(key) for key in shared}.issubset(recorded or ())


def on_disk(apps: Iterable[str], modules: dict[str, str | None]) -> list[tuple[str, str]]:
    """(label, name) of every migration of these apps. Raises LookupError for an app that is not plainly a directory."""
    found = []
    for app in apps:
        if app.rpartition(".")[2][:1].isupper():
            app = _plainly_configured(app)
        parts = app.split(".")
        module = modules.get(parts[-1], f"{app}.migrations")
        directory = _directory(module) if module else None
        if directory is not None:
            found += [(parts[-1], path.stem) for path in directory.glob("[!_~]*.py")]
    return found


def _plainly_configured(name: str) -> str:
    """The app that a class in its `apps.py` configures. Raises LookupError where a label may be chosen there."""
    app = name.rpartition(".apps.")[0]
    directory = _directory(app) if app else None
    source = directory / "apps.py" if directory else Path()
    if not source.is_file() or "label" in source.read_text():
        raise LookupError(name)
    return app


def _directory(module: str) -> Path | None:
    """The directory of a package, without importing it or its parents; None when it does not exist."""
    top, *rest = module.split(".")
    spec = PathFinder.find_spec(top, sys.path)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(module)
    directory = Path(next(iter(spec.submodule_search_locations)), *rest)
    if not directory.parent.is_dir():
        raise LookupError(module)
    return directory if directory.is_dir() else None


def _parameters(database: dict[str, Any]) -> dict[str, Any]:
    options = {k: v for k, v in database.get("OPTIONS", {}).items() if k not in {"pool", "server_side_binding"}}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {**options, **{key: database[name] for key, name in names.items() if database.get(name)}}
