"""Another price at Asaas, which knows no proration and no end of a discount: both are worked out here."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from billing import clock
from billing.gateways import bodies, proration
from billing.gateways.asaas import reading
from billing.gateways.asaas.calls import Calls
from billing.gateways.base import ChangePreview, InvoiceState, PriceWanted, SubscriptionSnapshot

CYCLES = {"month": "MONTHLY", "year": "YEARLY"}
LEAST = Decimal(5)  # it issues no smaller charge


class Changes(Calls):
    def preview_change(self, id: str, price: PriceWanted, *, now: datetime) -> ChangePreview:
        raw = self.http.get(f"subscriptions/{id}")
        return self._costs(raw, self._whole(raw), price, now)

    def change_price(self, id: str, price: PriceWanted, *, prorated_at: datetime | None, key: str) -> None:
        """The difference is a charge of its own; charges that are open already are brought to the new price."""
        raw = self.http.get(f"subscriptions/{id}")
        change: dict[str, Any] = {
            "value": proration.total(price), "cycle": CYCLES[price.interval], "description": price.description[:500],
            "updatePendingPayments": True,
        }  # fmt: skip
        if prorated_at:
            costs = self._costs(raw, self._whole(raw), price, prorated_at)
            if costs.due_now:
                self._charge_difference(raw, costs.due_now, _said(price, prorated_at))
            if raw.get("cycle") != change["cycle"]:
                change["nextDueDate"] = reading.today(costs.next_at).isoformat()
        self.http.put(f"subscriptions/{id}", change)

    def end_discount(self, id: str, price: PriceWanted, *, after: int, key: str) -> None:
        """Charges are made 40 days ahead: those that are open and come after the discounted ones are set right too."""
        whole = proration.total(price, discounted=False)
        raw = self.http.get(f"subscriptions/{id}")
        if reading.amount(raw.get("value")) != whole:
            self.http.put(f"subscriptions/{id}", {"value": whole})
        made = [one for one in self._all(f"subscriptions/{id}/payments") if not one.get("deleted")]
        for late in sorted(made, key=lambda one: str(one.get("dueDate")))[after:]:
            if late.get("status") == "PENDING" and reading.amount(late.get("value")) != whole:
                self.http.put(f"payments/{late['id']}", {"value": whole})

    def _costs(
        self, raw: dict[str, Any], snapshot: SubscriptionSnapshot, price: PriceWanted, now: datetime
    ) -> ChangePreview:
        new, due = proration.total(price), Decimal("0.00")
        anew = raw.get("cycle") != CYCLES[price.interval]
        starts, ends = snapshot.period_starts_at, snapshot.period_ends_at
        if starts and ends:
            old = _paid_for(snapshot)
            due = proration.difference(old, new, starts_at=starts, ends_at=ends, now=now, anew=anew)
        due = due if due >= LEAST else Decimal("0.00")
        next_at = proration.after(now, price.interval, 1) if anew and due else ends or now
        return ChangePreview(due, new, next_at, "BRL", now)

    def _charge_difference(self, raw: dict[str, Any], due: Decimal, said: str) -> None:
        """What the payer reads names this change and no other, so that a second try finds what the first one made."""
        reference = bodies.text(raw.get("externalReference"))
        if any(one.get("description") == said for one in self._all("payments", externalReference=reference)):
            return
        self.http.post(
            "payments",
            {
                "customer": raw["customer"], "billingType": raw["billingType"], "value": due,
                "dueDate": reading.today(clock.now()).isoformat(), "externalReference": reference,
                "description": said,
            },
        )  # fmt: skip


def _paid_for(snapshot: SubscriptionSnapshot) -> Decimal:
    """What the running period costs: less than the next ones where a discount ended with it.

    Once a difference was charged in it, it costs what the subscription says.
    """
    price, ends = snapshot.amount or Decimal(0), snapshot.period_ends_at
    standing = [one for one in snapshot.invoices if one.state is not InvoiceState.VOID]
    begun = snapshot.period_starts_at
    if any(one.period_ends_at is None and begun and one.issued_at >= begun for one in standing):
        return price
    paid = (one.amount for one in standing if one.period_ends_at == ends and one.state is InvoiceState.PAID)
    return min(next(paid, price), price)


def _said(price: PriceWanted, at: datetime) -> str:
    """On Asaas's pages, which are in Portuguese."""
    with translation.override("pt-br"):
        words = {"plan": price.description, "moment": f"{at.astimezone(reading.ZONE):%d/%m/%Y %H:%M:%S}"}
        return (_("%(plan)s: difference of the change of plan of %(moment)s") % words)[:500]
