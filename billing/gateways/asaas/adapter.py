"""The protocol by Asaas's API v3. It knows no idempotency keys: what bears our reference is looked for first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Self

from django.conf import settings

from billing import clock
from billing.gateways import bodies, proration, signatures
from billing.gateways.asaas import reading
from billing.gateways.asaas.changes import CYCLES, Changes
from billing.gateways.base import (
    Abilities,
    ChargeDetails,
    CheckoutSnapshot,
    CheckoutWanted,
    Event,
    GatewayAway,
    GatewayRefused,
    GatewayState,
    InvoiceState,
    NotGenuine,
    Payer,
    SubscriptionSnapshot,
)
from billing.gateways.registry import NoGateway

BILLING = {"card": "CREDIT_CARD", "pix": "PIX", "boleto": "BOLETO", "": "UNDEFINED"}
UNPAID = (InvoiceState.OPEN, InvoiceState.OVERDUE, InvoiceState.FAILED)


class AsaasGateway(Changes):
    name = "asaas"
    abilities = Abilities(
        methods=("card", "pix", "boleto"), currencies=("BRL",), prorates=True, portal=False, ends_discounts=False
    )

    @classmethod
    def from_settings(cls) -> Self:
        if not settings.ASAAS_API_KEY:
            raise NoGateway("asaas")
        return cls(settings.ASAAS_API_BASE, settings.ASAAS_API_KEY)

    def ensure_customer(self, payer: Payer, *, key: str) -> str:
        if not payer.document:
            raise GatewayRefused("document_missing", field="document")
        wanted = {"name": payer.name, "email": payer.email, "cpfCnpj": payer.document}
        for known in self._all("customers", externalReference=payer.reference):
            if not known.get("deleted"):
                if any(known.get(name) != value for name, value in wanted.items()):
                    self.http.put(f"customers/{known['id']}", wanted)
                return str(known["id"])
        made = {**wanted, "externalReference": payer.reference, "notificationDisabled": True}  # we tell, once
        return str(self.http.post("customers", made)["id"])

    def open_checkout(self, wanted: CheckoutWanted) -> CheckoutSnapshot:
        """The subscription exists from now on; the page is that of its first charge."""
        found = self._made(wanted.reference)
        if found is None:
            try:
                found = self.http.post("subscriptions", self._body(wanted))
            except GatewayAway:
                found = self._made(wanted.reference)  # it may have been made although its answer was lost
                if found is None:
                    raise
        return self._checkout(found)

    def fetch_checkout(self, id: str) -> CheckoutSnapshot | None:
        found = self.http.find(f"subscriptions/{id}")
        return self._checkout(found) if found else None

    def withdraw_checkout(self, id: str, *, reference: str, key: str) -> None:
        """Its open charges first. It deletes none that was paid just now; then the subscription stays."""
        found = self.http.find(f"subscriptions/{id}") if id else self._made(reference)
        if found is None or found.get("deleted"):
            return
        for payment in self._all(f"subscriptions/{found['id']}/payments"):
            if reading.STATES.get(str(payment.get("status"))) in UNPAID and not payment.get("deleted"):
                with suppress(GatewayRefused):
                    self.http.delete(f"payments/{payment['id']}")
        left = {one.state for one in self._whole(found).invoices}
        if left <= {InvoiceState.VOID}:
            self.cancel(str(found["id"]), at_period_end=False, key=key)

    def fetch_subscription(self, id: str) -> SubscriptionSnapshot | None:
        found = self.http.find(f"subscriptions/{id}")
        return self._whole(found) if found else None

    def find_subscriptions(self, *, reference: str) -> list[SubscriptionSnapshot]:
        return [
            self._whole(one) for one in self._all("subscriptions", externalReference=reference, includeDeleted="true")
        ]

    def cancel(self, id: str, *, at_period_end: bool, key: str) -> None:
        found = self.http.find(f"subscriptions/{id}")
        if found is None or found.get("deleted"):
            return
        if not at_period_end:
            self.http.put(f"subscriptions/{id}", {"endDate": reading.today(clock.now()).isoformat()})
            self.http.delete(f"subscriptions/{id}")  # and its open charges with it
            return
        self.http.put(f"subscriptions/{id}", {"status": "INACTIVE"})
        for payment in self._all(f"subscriptions/{id}/payments", status="PENDING"):
            self.http.delete(f"payments/{payment['id']}")

    def resume(self, id: str, *, key: str) -> None:
        snapshot = self._whole(self.http.get(f"subscriptions/{id}"))
        if snapshot.state is not GatewayState.ENDING or snapshot.period_ends_at is None or snapshot.status == "DELETED":
            raise GatewayRefused("subscription_over")
        due = reading.today(snapshot.period_ends_at).isoformat()
        self.http.put(f"subscriptions/{id}", {"status": "ACTIVE", "nextDueDate": due})

    def method_page(self, id: str, *, return_url: str, key: str) -> str:
        """Its payer chooses anew on the page of each charge; there is none without an open charge."""
        snapshot = self._whole(self.http.get(f"subscriptions/{id}"))
        found = next((one.page_url for one in reversed(snapshot.invoices) if one.state in UNPAID), "")
        if not found:
            raise GatewayRefused("no_method_page")
        return found

    def charge_details(self, invoice: str) -> ChargeDetails:
        found = self.http.find(f"payments/{invoice}")
        if found is None or found.get("deleted") or reading.STATES.get(str(found.get("status"))) not in UNPAID:
            return ChargeDetails()
        pix = self._extra(f"payments/{invoice}/pixQrCode") if found.get("billingType") != "BOLETO" else {}
        slip = self._extra(f"payments/{invoice}/identificationField") if found.get("billingType") != "PIX" else {}
        return ChargeDetails(
            pix=bodies.text(pix.get("payload")),
            pix_expires_at=reading.moment(pix.get("expirationDate")) if pix else None,
            boleto_line=bodies.text(slip.get("identificationField")),
            boleto_url=reading.page(found.get("bankSlipUrl")),
        )

    def refund(self, invoice: str, *, amount: Decimal | None, key: str) -> None:
        """The key is its description, by which a second try finds the first."""
        found = self.http.get(f"payments/{invoice}")
        if any(isinstance(one, dict) and one.get("description") == key for one in found.get("refunds") or []):
            return
        wanted = {"description": key} if amount is None else {"description": key, "value": amount}
        self.http.post(f"payments/{invoice}/refund", wanted)

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        if not settings.ASAAS_WEBHOOK_TOKEN:
            raise NoGateway("asaas")
        if not signatures.same_token(headers.get("asaas-access-token", ""), settings.ASAAS_WEBHOOK_TOKEN):
            raise NotGenuine("another token, or none")
        return reading.event(bodies.read(body))

    def changed_since(self, since: datetime) -> Iterator[str]:
        """It keeps no list of changes: whatever was issued, paid or due since then, and what was deleted."""
        day, seen = reading.today(since).isoformat(), set()
        filters = ({"dateCreated[ge]": day}, {"paymentDate[ge]": day}, {"dueDate[ge]": day})
        for payment in (one for wanted in filters for one in self._all("payments", **wanted)):
            id = bodies.text(payment.get("subscription"))
            if id and id not in seen:
                seen.add(id)
                yield id
        yield from (one["id"] for one in self._all("subscriptions", deletedOnly="true") if one["id"] not in seen)

    def all_subscriptions(self) -> Iterator[SubscriptionSnapshot]:
        for found in self._all("subscriptions", status="ACTIVE"):
            if found.get("externalReference"):
                yield reading.subscription(found)

    def queue_problem(self) -> str:
        for hook in self._all("webhooks"):
            if str(hook.get("url", "")).endswith("/webhooks/asaas/"):
                if hook.get("interrupted"):
                    return "the queue is interrupted"
                if not hook.get("enabled"):
                    return "the webhook is switched off"
        return ""

    def _body(self, wanted: CheckoutWanted) -> dict[str, Any]:
        first = wanted.starts_at or wanted.trial_ends_at or clock.now()
        return {
            "customer": wanted.customer, "billingType": BILLING[wanted.method],
            "value": proration.total(wanted.price), "nextDueDate": reading.today(max(first, clock.now())).isoformat(),
            "cycle": CYCLES[wanted.price.interval], "description": wanted.price.description[:500],
            "externalReference": wanted.reference,
            "callback": {"successUrl": wanted.success_url, "autoRedirect": True},
        }  # fmt: skip

    def _made(self, reference: str) -> dict[str, Any] | None:
        return next(
            (one for one in self._all("subscriptions", externalReference=reference) if not one.get("deleted")), None
        )

    def _checkout(self, found: dict[str, Any]) -> CheckoutSnapshot:
        snapshot = self._whole(found)
        first = snapshot.invoices[-1] if snapshot.invoices else None
        is_over = snapshot.state in (GatewayState.CANCELED, GatewayState.NEVER)
        is_paid = any(one.state is InvoiceState.PAID for one in snapshot.invoices)
        waits = bool(first and first.due_at and reading.today(first.due_at) > reading.today(first.issued_at))
        is_open = not (is_over or is_paid)
        return CheckoutSnapshot(
            id=snapshot.id, url=first.page_url if first and is_open else "", is_open=is_open and not waits,
            is_done=(is_paid or waits) and not is_over, reference=snapshot.reference, customer=snapshot.customer,
            subscription=snapshot.id,
        )  # fmt: skip

    def _extra(self, path: str) -> dict[str, Any]:
        """What an account that has not got this way to pay refuses."""
        try:
            return self.http.get(path)
        except GatewayRefused:
            return {}
