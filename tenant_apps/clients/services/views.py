"""How a member looks at the list: views kept by name, and the columns."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from shared_apps.core.errors import FieldError
from tenant_apps.clients.models import SavedView
from tenant_apps.team.models import Member

MAX_VIEWS = 30
MAX_NAME = 60
MAX_ADDRESS = 1000


@transaction.atomic
def keep_view(*, actor: Member, name: str, address: str) -> SavedView:
    """Keep what the address asks for under a name; one of that name is replaced. Raises FieldError."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME:
        raise FieldError("name", _("A name has 1 to %(limit)s characters."), "invalid_name", limit=MAX_NAME)
    if not address or len(address) > MAX_ADDRESS:
        raise FieldError("address", _("There is nothing to keep: search or filter first."), "invalid_address")
    mine = SavedView.objects.filter(member=actor)
    if mine.exclude(name=name).count() > MAX_VIEWS:
        raise FieldError("name", _("You have %(limit)s views. Remove one first."), "too_many", limit=MAX_VIEWS)
    view, _is_new = mine.update_or_create(member=actor, name=name, defaults={"address": address})
    return view


def drop_view(view: SavedView) -> None:
    view.delete()


def choose_columns(*, actor: Member, columns: Sequence[str]) -> SavedView:
    """What the member's list shows beside the name, in this order."""
    arrangement, _is_new = SavedView.objects.update_or_create(
        member=actor, name="", defaults={"columns": list(columns)}
    )
    return arrangement
