"""Access tokens: signed, short-lived, good for one person in one organization.

The claims: `iss` colmeia, `aud` the organization's id, `sub` the user's id, `sid` the id of the sign-in
(RefreshSession) that it came from, `typ` access, `iat` and `exp` in seconds.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.conf import settings
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

ISSUER = "colmeia"
LONGEST = 2048  # characters; ours have about 400


@dataclass(frozen=True, slots=True)
class Claims:
    organization_id: UUID
    user_id: UUID
    session_id: UUID


def issue(claims: Claims, *, now: float | None = None) -> str:
    """A signed access token, valid for settings.ACCESS_TOKEN_MINUTES."""
    at = int(time.time() if now is None else now)
    return _backend(settings.SECRET_KEY).encode(
        {
            "aud": str(claims.organization_id),
            "sub": str(claims.user_id),
            "sid": str(claims.session_id),
            "typ": "access",
            "iat": at,
            "exp": at + settings.ACCESS_TOKEN_MINUTES * 60,
        }
    )


def read(token: str) -> Claims | None:
    """The claims of a token that we signed and that has not expired, else None. The caller compares organizations."""
    if len(token) > LONGEST:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            found = _backend(secret).decode(token)  # type: ignore[arg-type]  # the stub wants a Token, it takes text
        except TokenBackendError:
            continue
        try:
            if found["typ"] != "access" or "exp" not in found:
                return None
            return Claims(UUID(found["aud"]), UUID(found["sub"]), UUID(found["sid"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
    return None


@cache
def _backend(secret: str) -> TokenBackend:
    """HS256 and nothing else (so neither "none" nor a key of another kind), with a key used for nothing else."""
    key = hashlib.sha256(b"colmeia.access-token." + secret.encode()).hexdigest()
    return TokenBackend("HS256", signing_key=key, issuer=ISSUER)
