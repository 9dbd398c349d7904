"""Identifiers."""

from uuid import UUID

from uuid_utils import compat


def uuid7() -> UUID:
    """A time-ordered UUID (RFC 9562, version 7): safe to merge, nothing to enumerate, kind to B-trees."""
    return compat.uuid7()
