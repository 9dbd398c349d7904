"""Which providers there are. A folder and a line here make one."""

from __future__ import annotations

from collections.abc import Callable

from shared_apps.core.sealing import unsealed
from tenant_apps.finance.providers.asaas import Asaas
from tenant_apps.finance.providers.base import ChargeProvider
from tenant_apps.finance.providers.models import ProviderAccount

PURPOSE = "provider-key"
PROVIDERS: dict[str, Callable[[str], ChargeProvider]] = {"asaas": Asaas}


def provider_of(account: ProviderAccount) -> ChargeProvider:
    return PROVIDERS[account.provider](unsealed(account.key, purpose=PURPOSE))
