"""Secrets of two-step sign-in are stored encrypted: whoever reads the database cannot make codes with them."""

from __future__ import annotations

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

CONTEXT = b"colmeia.mfa-secret."


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The platform's domain, whichever host asks: a passkey made on a firm's works where one signs in."""
        return {"id": settings.PLATFORM_DOMAIN, "name": "Colmeia"}

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValueError when none of our keys made it: SECRET_KEY was replaced without SECRET_KEY_FALLBACKS."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValueError("A stored secret cannot be read with SECRET_KEY or SECRET_KEY_FALLBACKS.") from None


def _fernet() -> MultiFernet:
    """The newest key encrypts; every key that still counts decrypts."""
    return MultiFernet([Fernet(_key(str(secret))) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(CONTEXT + secret.encode()).digest())
