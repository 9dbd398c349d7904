"""Secrets of two-step sign-in are stored encrypted: whoever reads the database cannot make codes with them."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from shared_apps.core.sealing import sealed, unsealed

PURPOSE = "mfa-secret"

BOUND_FOR = "bound_for"  # of a session: to which firm somebody goes on once they have the second step it asks for


class MFAAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The platform's domain, whichever host asks: a passkey made on a firm's works where one signs in."""
        return {"id": settings.PLATFORM_DOMAIN, "name": "Colmeia"}

    def encrypt(self, text: str) -> str:
        return sealed(text, purpose=PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValueError when none of our keys made it: SECRET_KEY was replaced without SECRET_KEY_FALLBACKS."""
        return unsealed(encrypted_text, purpose=PURPOSE)
