"""What entries are for. A firm that has none yet gets those of a pool firm."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from shared_apps.core import finding
from shared_apps.core.errors import FieldError
from shared_apps.organizations import current
from tenant_apps.activity import services as activity
from tenant_apps.finance.errors import CategoryInUse, CategoryTaken
from tenant_apps.finance.models import Category, Entry, Kind, Recurrence
from tenant_apps.team.models import Member

RECEIVABLE, PAYABLE = Kind.RECEIVABLE, Kind.PAYABLE
SERVICES, CONTRACTS = gettext_lazy("Services"), gettext_lazy("Maintenance contracts")
DEFAULTS = (
    (RECEIVABLE, CONTRACTS),
    (RECEIVABLE, SERVICES),
    (RECEIVABLE, gettext_lazy("Repairs and parts")),
    (RECEIVABLE, gettext_lazy("Products sold")),
    (RECEIVABLE, gettext_lazy("Other income")),
    (PAYABLE, gettext_lazy("Chemicals and products")),
    (PAYABLE, gettext_lazy("Fuel and vehicles")),
    (PAYABLE, gettext_lazy("Wages and contractors")),
    (PAYABLE, gettext_lazy("Rent and utilities")),
    (PAYABLE, gettext_lazy("Tools and equipment")),
    (PAYABLE, gettext_lazy("Taxes and fees")),
    (PAYABLE, gettext_lazy("Other expenses")),
)
LONGEST = 80


def ensure_categories() -> None:
    """The first ones, in the organization's language. One cheap question where there are some."""
    if Category.objects.exists():
        return
    with current.own_words():
        made = [Category(kind=kind, name=str(name)) for kind, name in DEFAULTS]
    Category.objects.bulk_create(made, ignore_conflicts=True)


def default_category(name: Any) -> Category | None:
    """The receivable one of DEFAULTS under its first name; None where the firm renamed or dropped it."""
    ensure_categories()
    with current.own_words():
        return Category.objects.filter(kind=RECEIVABLE, name=str(name), is_active=True).first()


@transaction.atomic
def add_category(*, actor: Member | None, name: str, kind: str) -> Category:
    """Raises FieldError, CategoryTaken."""
    if kind not in Kind.values:
        raise FieldError("kind", _("Receivable or payable."), "invalid_choice")
    made = Category(kind=kind, name=_name(name))
    _refuse_taken(made)
    made.save(force_insert=True)
    activity.record(actor, "category.added", made, after={"name": made.name, "kind": made.kind})
    return made


@transaction.atomic
def change_category(category: Category, *, actor: Member | None, **changes: Any) -> Category:
    """`name` or `is_active`. Raises NotThere, FieldError, CategoryTaken."""
    kept = _locked(category.pk)
    before = {"name": kept.name, "is_active": kept.is_active}
    if "name" in changes:
        kept.name = _name(changes["name"])
        _refuse_taken(kept)
    kept.is_active = changes.get("is_active", kept.is_active)
    after = {"name": kept.name, "is_active": kept.is_active}
    if after != before:
        kept.save(update_fields=["name", "is_active"])
        activity.record(actor, "category.changed", kept, before=before, after=after)
    return kept


@transaction.atomic
def remove_category(category: Category, *, actor: Member | None) -> None:
    """Raises NotThere, CategoryInUse."""
    kept = _locked(category.pk)
    for model in (Entry, Recurrence):
        if model._default_manager.filter(category=kept).exists():
            raise CategoryInUse
    activity.record(actor, "category.removed", kept, before={"name": kept.name, "kind": kept.kind})
    kept.delete()


def _locked(pk: UUID) -> Category:
    return finding.one(Category.objects.select_for_update(), pk)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST:
        raise FieldError("name", _("A name has 1 to %(limit)s characters."), "invalid_name", limit=LONGEST)
    return name


def _refuse_taken(category: Category) -> None:
    same = Category.objects.filter(kind=category.kind, name=category.name)
    if same.exclude(pk=category.pk).exists():
        raise CategoryTaken
