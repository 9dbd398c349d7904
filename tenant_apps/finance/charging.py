"""What a client is shown of an entry: how much today, and the codes that pay it. One debt never has two PIX codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared_apps.core.errors import NotThere
from tenant_apps.finance import pix
from tenant_apps.finance.charges import Due, due_amount
from tenant_apps.finance.errors import NoPixKey
from tenant_apps.finance.models import Entry, FinancePolicy, Kind, ProviderCharge
from tenant_apps.finance.services.policy import policy


@dataclass(frozen=True, slots=True)
class Charge:
    """`issued`: the charge that is open at the firm's provider. Its codes are shown then, and none of ours."""

    entry: Entry
    due: Due
    rules: FinancePolicy
    issued: ProviderCharge | None = None

    @property
    def can_pix(self) -> bool:
        has_code = self.issued.pix if self.issued else self.rules.pix_key
        return bool(has_code and self.due.total > 0)

    @property
    def pix_code(self) -> str:
        """Copia e cola. Raises NoPixKey, and NotThere where nothing is due or the provider gave no code."""
        if not self.issued and not self.rules.pix_key:
            raise NoPixKey
        if not self.can_pix:
            raise NotThere
        if self.issued:
            return self.issued.pix
        return pix.br_code(
            key=self.rules.pix_key,
            name=self.rules.pix_name,
            city=self.rules.pix_city,
            amount=self.due.total,
            txid=self.entry.pk.hex[-pix.LONGEST_TXID :],
        )

    @property
    def boleto(self) -> str:
        """The line of digits, where the provider issued one."""
        return self.issued.boleto if self.issued else ""

    @property
    def page(self) -> str:
        """The provider's own page for the payer."""
        return self.issued.page if self.issued else ""


def charge_of(entry: Entry, *, today: date) -> Charge:
    """Raises NotThere for what is not to be received."""
    if entry.kind != Kind.RECEIVABLE:
        raise NotThere
    issued = ProviderCharge.objects.filter(entry=entry, state=ProviderCharge.State.ISSUED, is_leaving=False).first()
    return Charge(entry, due_amount(entry, on=today), policy(), issued)
