"""What a client is shown of an entry: how much today, and the PIX code for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from shared_apps.core.errors import NotThere
from tenant_apps.finance import pix
from tenant_apps.finance.charges import Due, due_amount
from tenant_apps.finance.errors import NoPixKey
from tenant_apps.finance.models import Entry, FinancePolicy, Kind
from tenant_apps.finance.services.policy import policy


@dataclass(frozen=True, slots=True)
class Charge:
    entry: Entry
    due: Due
    rules: FinancePolicy

    @property
    def can_pix(self) -> bool:
        return bool(self.rules.pix_key and self.due.total > 0)

    @property
    def pix_code(self) -> str:
        """Copia e cola. Raises NoPixKey, and NotThere where nothing is due."""
        if not self.rules.pix_key:
            raise NoPixKey
        if not self.can_pix:
            raise NotThere
        return pix.br_code(
            key=self.rules.pix_key,
            name=self.rules.pix_name,
            city=self.rules.pix_city,
            amount=self.due.total,
            txid=self.entry.pk.hex[-pix.LONGEST_TXID :],
        )


def charge_of(entry: Entry, *, today: date) -> Charge:
    """Raises NotThere for what is not to be received."""
    if entry.kind != Kind.RECEIVABLE:
        raise NotThere
    return Charge(entry, due_amount(entry, on=today), policy())
