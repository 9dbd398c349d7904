"""Secrets that must be read again, such as the key to a provider, are stored encrypted: whoever reads the database, or
a backup of it, cannot use them. Each purpose has keys of its own, made of SECRET_KEY.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def sealed(text: str, *, purpose: str) -> str:
    return _fernet(purpose).encrypt(text.encode()).decode()


def unsealed(text: str, *, purpose: str) -> str:
    """Raises ValueError when none of our keys made it: SECRET_KEY was replaced without SECRET_KEY_FALLBACKS."""
    try:
        return _fernet(purpose).decrypt(text.encode()).decode()
    except InvalidToken:
        raise ValueError("A stored secret cannot be read with SECRET_KEY or SECRET_KEY_FALLBACKS.") from None


def _fernet(purpose: str) -> MultiFernet:
    """The newest key encrypts; every key that still counts decrypts."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(str(secret), purpose)) for secret in secrets])


def _key(secret: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"colmeia.{purpose}.{secret}".encode()).digest())
