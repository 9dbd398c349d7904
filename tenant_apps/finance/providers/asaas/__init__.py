"""Asaas, API v3. There is no idempotency key: our reference is looked up before anything is created."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from tenant_apps.finance.models import Method
from tenant_apps.finance.providers.asaas.http import Http
from tenant_apps.finance.providers.base import Away, Charge, Payer, Refused, State, Wanted

STATES = {
    **dict.fromkeys(("PENDING", "OVERDUE", "AUTHORIZED", "AWAITING_RISK_ANALYSIS", "DUNNING_REQUESTED"), State.OPEN),
    **dict.fromkeys(("RECEIVED", "CONFIRMED", "RECEIVED_IN_CASH", "DUNNING_RECEIVED"), State.PAID),
    "REFUNDED": State.RETURNED,
    **dict.fromkeys(("CHARGEBACK_REQUESTED", "CHARGEBACK_DISPUTE"), State.DISPUTED),
    # On its way, back to the payer or, after a dispute that was won, to the firm: the next event tells what came of it.
    **dict.fromkeys(("REFUND_REQUESTED", "REFUND_IN_PROGRESS", "AWAITING_CHARGEBACK_REVERSAL"), State.UNKNOWN),
}  # fmt: skip
METHODS = {
    "PIX": Method.PIX, "BOLETO": Method.BOLETO, "CREDIT_CARD": Method.CARD, "DEBIT_CARD": Method.CARD,
    "RECEIVED_IN_CASH": Method.CASH, "TRANSFER": Method.TRANSFER, "DEPOSIT": Method.TRANSFER,
}  # fmt: skip
EVENTS = [
    "PAYMENT_CREATED", "PAYMENT_UPDATED", "PAYMENT_CONFIRMED", "PAYMENT_RECEIVED", "PAYMENT_OVERDUE",
    "PAYMENT_DELETED", "PAYMENT_RESTORED", "PAYMENT_REFUNDED", "PAYMENT_PARTIALLY_REFUNDED",
    "PAYMENT_RECEIVED_IN_CASH_UNDONE", "PAYMENT_CHARGEBACK_REQUESTED", "PAYMENT_CHARGEBACK_DISPUTE",
    "PAYMENT_AWAITING_CHARGEBACK_REVERSAL", "PAYMENT_DUNNING_RECEIVED",
]  # fmt: skip


class Asaas:
    def __init__(self, key: str) -> None:
        self.http = Http(key)

    def check(self) -> None:
        self.http.get("/customers", limit=1)

    def listen(self, url: str, token: str) -> None:
        body = {
            "name": "Colmeia", "url": url, "enabled": True, "interrupted": False, "apiVersion": 3,
            "authToken": token, "sendType": "NON_SEQUENTIALLY", "events": EVENTS,
        }  # fmt: skip
        known = next((one for one in self._all("/webhooks") if one.get("url") == url), None)
        if known:
            self.http.put(f"/webhooks/{known['id']}", body)
        else:
            self.http.post("/webhooks", body)

    def issue(self, wanted: Wanted) -> Charge:
        found = self._standing(wanted.reference)
        if found is None:
            found = self.http.post("/payments", self._body(wanted, self._customer(wanted.payer)))
        return self._whole(found)

    def find(self, reference: str) -> Charge | None:
        found = self._standing(reference)
        return None if found is None else self._whole(found)

    def fetch(self, id: str) -> Charge:
        return self._whole(self.http.get(f"/payments/{id}"))

    def remove(self, id: str) -> None:
        if _charge(self.http.get(f"/payments/{id}")).state is State.OPEN:
            self.http.delete(f"/payments/{id}")

    def _standing(self, reference: str) -> dict[str, Any] | None:
        """The newest charge of this reference that was not removed."""
        known = self._all("/payments", externalReference=reference)
        return next((one for one in known if _charge(one).state is not State.GONE), None)

    def _customer(self, payer: Payer) -> str:
        """Asaas takes two customers with one reference, so it is looked for first."""
        for known in self._all("/customers", externalReference=str(payer.id)):
            if not known.get("deleted") and known.get("cpfCnpj") == payer.document:
                return str(known["id"])
        body = {
            "name": payer.name, "cpfCnpj": payer.document, "externalReference": str(payer.id),
            "notificationDisabled": True,  # we tell the client, once
        }  # fmt: skip
        if payer.email:
            body["email"] = payer.email
        return str(self.http.post("/customers", body)["id"])

    def _body(self, wanted: Wanted, customer: str) -> dict[str, Any]:
        body: dict[str, Any] = {
            "customer": customer,
            "billingType": "UNDEFINED",  # the payer chooses: PIX, boleto or card
            "value": wanted.amount,
            "dueDate": wanted.due_on.isoformat(),
            "description": wanted.description[:500],
            "externalReference": wanted.reference,
        }
        if wanted.late_fee:
            body["fine"] = {"value": wanted.late_fee, "type": "PERCENTAGE"}
        if wanted.interest:
            body["interest"] = {"value": wanted.interest}
        if wanted.discount:
            days = max((wanted.due_on - (wanted.discount_until or wanted.due_on)).days, 0)
            body["discount"] = {"value": wanted.discount, "dueDateLimitDays": days, "type": "FIXED"}
        return body

    def _whole(self, payment: dict[str, Any]) -> Charge:
        """With what a payer needs; a method the account has not got is left out."""
        charge = _charge(payment)
        if charge.state is not State.OPEN:
            return charge
        pix = self._extra(f"/payments/{charge.id}/pixQrCode", "payload")
        return _charge(payment, pix=pix, boleto=self._extra(f"/payments/{charge.id}/identificationField"))

    def _extra(self, path: str, name: str = "identificationField") -> str:
        try:
            return str(self.http.get(path).get(name) or "")[:600]
        except Refused:
            return ""

    def _all(self, path: str, **filters: Any) -> list[dict[str, Any]]:
        listed = self.http.get(path, limit=100, **filters).get("data")
        if not isinstance(listed, list):
            raise Away("a list without data")
        return [one for one in listed if isinstance(one, dict) and one.get("id")]


def _charge(payment: dict[str, Any], *, pix: str = "", boleto: str = "") -> Charge:
    try:
        amount = (Decimal(str(payment["value"])) - _returned(payment)).quantize(Decimal("0.01"))
        id = str(payment["id"])
    except (KeyError, InvalidOperation) as error:
        raise Away("a payment without id or value") from error
    state = State.GONE if payment.get("deleted") else STATES.get(str(payment.get("status")), State.UNKNOWN)
    if state is State.PAID and amount <= 0:
        state = State.RETURNED  # in parts, all of it
    day = payment.get("clientPaymentDate") or payment.get("paymentDate") or payment.get("confirmedDate")
    return Charge(
        id=id,
        state=state,
        amount=amount,
        reference=str(payment.get("externalReference") or ""),
        paid_on=_day(day),
        method=METHODS.get(str(payment.get("billingType")), Method.TRANSFER),
        page=_page(payment.get("invoiceUrl")),
        pix=pix,
        boleto=boleto,
    )


def _returned(payment: dict[str, Any]) -> Decimal:
    """How much went back to the payer so far. Raises InvalidOperation."""
    refunds = payment.get("refunds")
    done = [one for one in refunds if isinstance(one, dict)] if isinstance(refunds, list) else []
    return sum((Decimal(str(one.get("value"))) for one in done if one.get("status") == "DONE"), Decimal(0))


def _page(url: Any) -> str:
    """Shown as a link, so nothing but https."""
    return url[:500] if isinstance(url, str) and url.startswith("https://") else ""


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
