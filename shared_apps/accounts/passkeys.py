"""Passkeys of somebody who is signed in, for programs. The same authenticators as on the pages, kept by django-allauth.

A passkey belongs to the platform's domain and works on every host under it. What a registration began with is kept with
its token (second_step.py): an organization's host has no session of Django's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.adapter import get_adapter as mfa_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.signals import authenticator_added
from allauth.mfa.webauthn.internal import auth
from django.db import transaction
from fido2.utils import websafe_encode
from fido2.webauthn import ResidentKeyRequirement, UserVerificationRequirement

from shared_apps.accounts import second_step
from shared_apps.accounts.errors import PasskeyRefused, StepExpired, TooManyPasskeys
from shared_apps.accounts.models import SignInStep, User
from shared_apps.core.errors import NotThere

MOST = 20
LONGEST_NAME = 100
PURPOSE = SignInStep.Purpose.PASSKEY


@dataclass(frozen=True, slots=True)
class Passkey:
    pk: int
    name: str
    is_passwordless: bool
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Beginning:
    """A passkey to be: what the device is asked, and the token with which its answer is sent."""

    token: str
    options: dict[str, Any]


def of(user_id: UUID) -> list[Passkey]:
    """The oldest first."""
    return [_shown(one) for one in _mine(user_id).order_by("created_at", "pk")]


def begin(user: User, organization_id: UUID) -> Beginning:
    """Raises TooManyPasskeys."""
    if _mine(user.pk).count() >= MOST:
        raise TooManyPasskeys(limit=MOST)
    options, state = auth.get_server().register_begin(
        user=auth.build_user_payload(user),
        credentials=auth.get_credentials(user),
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
        extensions=auth.EXTENSIONS,
    )
    token = second_step.begin(user, organization_id, PURPOSE, secret=json.dumps(state))
    return Beginning(token, json.loads(json.dumps(dict(options))))


def finish(
    user: User, organization_id: UUID, *, token: str, name: str, credential: dict[str, Any], address: str
) -> tuple[Passkey, list[str]]:
    """The device's answer makes it count; recovery codes, if these are the first.

    Raises StepExpired, PasskeyRefused.
    """
    with second_step.taken(token, organization_id, PURPOSE, address=address) as step:
        if step.user_id != user.pk:
            raise StepExpired
        User.objects.select_for_update().get(pk=user.pk)
        kept = _checked(step.secret, credential)
        called = name.strip() or mfa_adapter().generate_authenticator_name(user, _TYPE)
        added = auth.WebAuthn.add(user, called, kept)
        authenticator_added.send(sender=Authenticator, request=None, user=user, authenticator=added.instance)
        codes: list[str] = []
        if not Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).exists():
            codes = RecoveryCodes.activate(user).get_unused_codes()
        second_step.tell(user, "mfa/email/webauthn_added")
    return _shown(added.instance), codes


@transaction.atomic
def remove(user: User, pk: int) -> None:
    """Recovery codes go with the last authenticator. Raises NotThere."""
    one = _mine(user.pk).filter(pk=pk).first()
    if one is None:
        raise NotThere
    second_step.remove(user, one)
    second_step.tell(user, "mfa/email/webauthn_removed")


_TYPE = Authenticator.Type.WEBAUTHN


def _mine(user_id: UUID) -> Any:
    return Authenticator.objects.filter(user_id=user_id, type=_TYPE)


def _checked(secret: str, credential: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a device's answer. What cannot be read is refused as what does not fit. Raises PasskeyRefused."""
    try:
        state = json.loads(mfa_adapter().decrypt(secret))
        kept = {
            "id": credential["id"],
            "rawId": credential["rawId"],
            "type": "public-key",
            "response": {name: credential["response"][name] for name in ("clientDataJSON", "attestationObject")},
            "clientExtensionResults": {"credProps": {"rk": True}},  # asked for as required
        }
        auth.parse_registration_response(kept)
        found = auth.get_server().register_complete(state, kept).credential_data
    except Exception as error:  # the library lets out whatever its reading of CBOR and JSON meets
        raise PasskeyRefused from error
    if found is None or websafe_encode(found.credential_id) != kept["id"]:
        raise PasskeyRefused
    if Authenticator.objects.filter(type=_TYPE, data__credential__id=kept["id"]).exists():
        raise PasskeyRefused
    return kept


def _shown(one: Authenticator) -> Passkey:
    key = one.wrap()
    return Passkey(one.pk, key.name, bool(key.is_passwordless), one.created_at, one.last_used_at)
