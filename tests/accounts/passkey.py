"""A device that makes passkeys, in the hands of a test."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAGS = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT


def answer(options: dict[str, Any], *, origin: str, rp_id: str = "", credential_id: bytes = b"") -> dict[str, Any]:
    """The PublicKeyCredential of a new key, as toJSON() writes it, for the options of a registration."""
    asked = options["publicKey"]
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential_id = credential_id or secrets.token_bytes(16)
    data = AuthenticatorData.create(
        hashlib.sha256((rp_id or asked["rp"]["id"]).encode()).digest(),
        FLAGS,
        0,
        AttestedCredentialData.create(b"\0" * 16, credential_id, key),
    )
    said = CollectedClientData.create(
        type=CollectedClientData.TYPE.CREATE, challenge=websafe_decode(asked["challenge"]), origin=origin
    )
    return {
        "id": websafe_encode(credential_id),
        "rawId": websafe_encode(credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(said),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {},
    }
