"""What the apps above show on a client's page: each registers a panel when it is ready, and answers its address.

A panel is asked for when it comes into view, so a client's page costs nothing more for those nobody looks at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from shared_apps.organizations.permissions import Permission, allows


@dataclass(frozen=True, slots=True)
class Panel:
    """`url_name` takes the client's id and answers a `<section class="card">`; `permission` is what it needs."""

    url_name: str
    permission: Permission
    order: int = 100


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    _panels[panel.url_name] = panel


def addresses(client_id: UUID, role: str) -> Iterator[str]:
    """Where this role's panels of a client are, in order; those of apps that are not mounted are left out."""
    for panel in sorted(_panels.values(), key=lambda one: one.order):
        if allows(role, panel.permission):
            try:
                yield reverse(panel.url_name, args=[client_id])
            except NoReverseMatch:
                continue
