"""Connecting the firm's account: the key is sealed at once, tried in the background, and never shown again."""

from __future__ import annotations

import re
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from shared_apps.core import tokens
from shared_apps.core.errors import FieldError
from shared_apps.core.sealing import sealed
from shared_apps.organizations import current
from shared_apps.tenancy.jobs import enqueue
from tenant_apps.activity import services as activity
from tenant_apps.finance.providers.base import Away, Refused
from tenant_apps.finance.providers.errors import ChargesStand
from tenant_apps.finance.providers.models import ProviderAccount, ProviderCharge
from tenant_apps.finance.providers.registry import PURPOSE, provider_of
from tenant_apps.team.models import Member

_KEY = re.compile(r"[\x21-\x7e]{20,500}")


def account() -> ProviderAccount | None:
    return ProviderAccount.objects.first()


@transaction.atomic
def connect(*, actor: Member | None, key: str, provider: str = "asaas") -> ProviderAccount:
    """Keep the key and try it soon. Another key replaces the one there was. Raises FieldError."""
    key = key.strip()
    if not _KEY.fullmatch(key):
        raise FieldError("key", _("This is not a key of Asaas. Copy it whole, without blanks."), "invalid_key")
    kept = {
        "key": sealed(key, purpose=PURPOSE), "key_end": key[-4:], "by": actor, "problem": "",
        "state": ProviderAccount.State.CONNECTING,
    }  # fmt: skip
    made, _is_new = ProviderAccount.objects.update_or_create(
        provider=provider, defaults=kept, create_defaults={**kept, "path": tokens.new()}
    )
    activity.record(actor, "provider.connected", made, after={"provider": provider})
    enqueue("finance.connect_provider", account_id=made.pk)
    return made


@transaction.atomic
def disconnect(found: ProviderAccount, *, actor: Member | None) -> None:
    """Forget the key. Raises ChargesStand."""
    found = ProviderAccount.objects.select_for_update().get(pk=found.pk)
    if ProviderCharge.objects.filter(provider=found.provider, state__in=["pending", "issued"]).exists():
        raise ChargesStand
    activity.record(actor, "provider.disconnected", found, before={"provider": found.provider})
    found.delete()


def try_account(account_id: UUID) -> None:
    """Try the key and have what happens told to us. The new token's hash is there before anybody can use it."""
    found = ProviderAccount.objects.filter(pk=account_id, state=ProviderAccount.State.CONNECTING).first()
    if found is None:
        return
    token = tokens.new()
    mine = ProviderAccount.objects.filter(pk=account_id, key=found.key)  # not if another key came meanwhile
    mine.update(token_hash=tokens.hash_of(token))
    try:
        provider = provider_of(found)
        provider.check()
        provider.listen(hook_address(found), token)
    except Refused as error:
        mine.update(state=ProviderAccount.State.FAILED, problem=str(error)[:300])
    except Away:
        problem = str(_("Asaas does not answer at the moment. Try again in a while."))
        mine.update(state=ProviderAccount.State.FAILED, problem=problem)
    else:
        mine.update(state=ProviderAccount.State.READY, problem="")


def is_from(found: ProviderAccount, token: str) -> bool:
    """Whether this is the token that the provider was given."""
    return bool(found.token_hash and token) and constant_time_compare(tokens.hash_of(token), found.token_hash)


def hook_address(found: ProviderAccount) -> str:
    return current.address(reverse("providers:hook", args=[found.path], urlconf=settings.TENANT_URLCONF))
