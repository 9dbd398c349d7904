"""Secrets that are given away once, in an address or a header. Only a hash of one is kept."""

from __future__ import annotations

import hashlib
import secrets


def new(size: int = 32) -> str:
    """`size` random bytes as text that an address may hold."""
    return secrets.token_urlsafe(size)


def hash_of(token: str) -> str:
    """What is kept of it, 64 characters. Unsalted: a random token has nothing to be guessed from."""
    return hashlib.sha256(token.encode()).hexdigest()
