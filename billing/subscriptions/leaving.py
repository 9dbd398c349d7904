"""Why organizations leave: what they may choose, and what they chose in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    "too_expensive": _("It costs too much"),
    "missing": _("Something is missing"),
    "unused": _("We hardly use it"),
    "other_tool": _("We use another tool"),
    "closing": _("The firm is closing"),
    "other": _("Another reason"),
}


def in_words(said: str) -> str:
    """Of what was stored: one of these and what they wrote besides; or whatever staff or a gateway gave as a reason."""
    chosen, _space, written = said.partition(" ")
    if chosen not in REASONS:
        return said
    return f"{REASONS[chosen]}: {written}" if written else str(REASONS[chosen])
