"""What the engine knows of an organization."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Route:
    """Enough to serve, refuse or schedule without a query. `status` is the organization's lifecycle state."""

    schema: str
    organization_id: UUID
    slug: str
    name: str
    status: str
    timezone: str
    locale: str
    logo: str = ""  # name in the storage; empty: ours
    accent: str = ""  # "#b45309"; empty: ours
    idle_minutes: int = 60
    require_mfa: bool = False
    currency: str = "BRL"
    head: str = ""
    is_lagging: bool = False  # the schema lacks a migration that this process's code counts on

    @property
    def is_served(self) -> bool:
        """Whether requests are let in."""
        return self.status == ACTIVE and not self.is_lagging
