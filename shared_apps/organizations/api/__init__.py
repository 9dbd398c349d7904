"""/api/v1/auth/ on an organization's host."""

from shared_apps.organizations.api.answers import COOKIE

__all__ = ["COOKIE"]
