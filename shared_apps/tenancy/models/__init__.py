"""The engine's own books, in public: which schemas exist, in which state, and what was done to them."""

from shared_apps.tenancy.models.schemas import ProvisionStep, Schema, Tombstone

__all__ = ["ProvisionStep", "Schema", "Tombstone"]
