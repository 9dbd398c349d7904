"""Schema names: how they are quoted, which may be made, which were used up."""

from __future__ import annotations

import re

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError
from shared_apps.tenancy import context
from shared_apps.tenancy.models import Tombstone

TEMPLATE = "tenancy_template"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


class SchemaNameTaken(DomainError):
    """The name is in use, was in use once, or belongs to somebody else in this database."""

    code = "schema_name_taken"
    message = _("The name “%(name)s” is taken or was used before.")


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def check(name: str) -> str:
    """The name itself. Raises ValueError for one the engine would never make (it ends up in SQL and in URLs)."""
    if not _NAME.fullmatch(name) or name.startswith("pg_") or name in {context.PUBLIC, "information_schema"}:
        raise ValueError(f"{name!r} cannot name a schema of the engine.")
    return name


def is_taken(name_or_slug: str) -> bool:
    """Whether a deleted organization had this slug or schema name: neither is ever given out again."""
    with context.public():
        return Tombstone.objects.filter(Q(schema_name=name_or_slug) | Q(slug=name_or_slug)).exists()
