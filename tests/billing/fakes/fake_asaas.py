"""An Asaas that refuses what the real one refuses: another header, a body with GET, past days, sums too small."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from billing.gateways.asaas.reading import ZONE
from billing.gateways.sandbox.server import invoices, subscriptions
from billing.gateways.sandbox.server.bank import Bank, Refusal, text
from billing.gateways.sandbox.server.store import Store
from billing.gateways.sandbox.server.timing import advance
from tests.billing.fakes import asaas_words as words
from tests.billing.fakes.wire import Request

KEY = "$aact_hmlg_000MzkwODA2MWY2OGM3MWRlMDU2NWM3MzJlNzZmNGZhZGY6OmZha2U="
TYPES = {"UNDEFINED": "pix", "PIX": "pix", "BOLETO": "boleto", "CREDIT_CARD": "pix"}  # a card is given on the page
DECLINED = "Transação não autorizada. Verifique os dados do cartão de crédito e tente novamente."
INTERVALS = {"MONTHLY": "month", "YEARLY": "year"}


class FakeAsaas:
    def __init__(self) -> None:
        self.url, self.loses_answer_of, self.is_away = "", "", False
        self.bank = Bank(Store())
        self.webhooks: list[dict[str, Any]] = []
        self.declines = False  # the next subscription by card, as it does where a card comes with it

    def refused(self, refusal: Refusal) -> tuple[int, Any]:
        if refusal.status == 404:
            return 404, None  # no body is described
        status = 400 if refusal.status in (402, 409, 422) else refusal.status
        return status, {"errors": [{"code": refusal.code, "description": refusal.said}]}

    def answer(self, asked: Request) -> tuple[int, Any]:
        if asked.headers.get("access_token") != KEY:
            raise Refusal("invalid_access_token", "A chave de API fornecida é inválida", status=401)
        if not asked.headers.get("user-agent"):
            raise Refusal("no_agent", status=403)
        if asked.method == "GET" and asked.raw:
            raise Refusal("forbidden", status=403)
        if asked.raw and asked.headers.get("content-type") != "application/json":
            raise Refusal("invalid_content", "Content-Type", status=400)
        query = {name: values[0] for name, values in asked.query.items()}
        body = json.loads(asked.raw) if asked.raw else {}
        with self.bank.store.transaction():
            advance(self.bank)
            self._on_schedule()
            return 200, self._routed(asked.method, asked.path.removeprefix("/v3/").split("/"), query, body)

    def _on_schedule(self) -> None:
        """Its subscriptions only issue charges: none of them is incomplete or ends for want of money."""
        for one in self.bank.store.all("subscription"):
            if one["state"] == "incomplete":
                self.bank.save("subscription", one | {"state": "running"})

    def _routed(self, method: str, path: list[str], query: dict[str, str], body: dict[str, Any]) -> Any:
        match (method, *path):
            case ("GET", "customers"):
                return listed(self.bank.store.all("customer"), query)
            case ("POST", "customers"):
                _check_customer(body)
                return self.bank.make("customer", "cus", object="customer", deleted=False, **body)
            case ("PUT", "customers", id):
                return self.bank.save("customer", self.bank.get("customer", id) | body)
            case ("GET", "subscriptions"):
                return listed(self._subscriptions(query), query)
            case ("POST", "subscriptions"):
                return words.subscription(self._subscribe(body))
            case ("GET", "subscriptions", id):
                return words.subscription(self.bank.get("subscription", id))
            case ("PUT", "subscriptions", id):
                return words.subscription(self._change(self.bank.get("subscription", id), body))
            case ("DELETE", "subscriptions", id):
                found = self.bank.get("subscription", id)
                self.bank.save("subscription", found | {"deleted": True})
                subscriptions.end(self.bank, found | {"deleted": True}, at=self.bank.now(), reason="deleted")
                return {"deleted": True, "id": id}
            case ("GET", "subscriptions", id, "payments"):
                self.bank.get("subscription", id)
                return listed(self._payments({**query, "subscription": id}), query)
            case ("GET", "payments"):
                return listed(self._payments(query), query)
            case ("POST", "payments"):
                return self._shown(self._charge(body))
            case ("GET", "payments", id):
                return self._shown(self.bank.get("invoice", id))
            case ("PUT", "payments", id):
                return self._shown(self._reprice(self.bank.get("invoice", id), body))
            case ("DELETE", "payments", id):
                found = self.bank.get("invoice", id)
                if found["state"] not in invoices.UNPAID_STATES:
                    raise Refusal("invalid_action", "Só é possível remover cobranças pendentes.", status=400)
                invoices.withdraw(self.bank, found)
                return {"deleted": True, "id": id}
            case ("POST", "payments", id, "refund"):
                return self._shown(self._refund(self.bank.get("invoice", id), body))
            case ("GET", "payments", id, "pixQrCode"):
                code = invoices.pix_code(self.bank.get("invoice", id))
                return {"encodedImage": "", "payload": code, "expirationDate": "2099-12-31 23:59:59"}
            case ("GET", "payments", id, "identificationField"):
                return {"identificationField": invoices.boleto_line(self.bank.get("invoice", id)), "barCode": "0" * 44}
            case ("GET", "webhooks"):
                return listed(self.webhooks, query)
        raise Refusal("not_found", status=404)

    def _shown(self, document: dict[str, Any]) -> dict[str, Any]:
        return words.payment(self.url, self.bank.get("subscription", document["subscription"]), document)

    def _subscriptions(self, query: dict[str, str]) -> list[dict[str, Any]]:
        found = [words.subscription(one) for one in reversed(self.bank.store.all("subscription"))]
        if query.get("deletedOnly") == "true":
            return [one for one in found if one["deleted"]]
        kept = found if query.get("includeDeleted") == "true" else [one for one in found if not one["deleted"]]
        return [one for one in kept if query.get("status") in (None, one["status"])]

    def _payments(self, query: dict[str, str]) -> list[dict[str, Any]]:
        found = [self._shown(one) for one in reversed(self.bank.store.all("invoice"))]
        for name, value in query.items():
            field = name.removesuffix("[ge]")
            if field != name:
                found = [one for one in found if (one.get(field) or "") >= value]
            elif name in ("subscription", "status"):
                found = [one for one in found if one.get(name) == value and not (name == "status" and one["deleted"])]
        return found

    def _subscribe(self, body: dict[str, Any]) -> dict[str, Any]:
        self.bank.get("customer", str(body.get("customer")))
        if body.get("billingType") not in TYPES:
            raise Refusal("invalid_billingType", "O campo billingType deve ser informado.", status=400)
        if body.get("cycle") not in INTERVALS:
            raise Refusal("invalid_cycle", "O campo cycle deve ser informado.", status=400)
        if self.declines and body["billingType"] == "CREDIT_CARD":
            self.declines = False
            raise Refusal("invalid_action", DECLINED, status=400)
        value, due = _value(body), _day(body.get("nextDueDate"))
        if due < self.bank.now().astimezone(ZONE).date():
            raise Refusal("invalid_nextDueDate", "Não é permitido data de vencimento inferior a hoje.", status=400)
        now = self.bank.now()
        # What is due today begins at once, at whatever hour: else a test before noon would see no period begin.
        starts = now if due == now.astimezone(ZONE).date() else datetime.combine(due, time(12), ZONE)
        price = {
            "amount": str(value), "currency": "BRL", "interval": INTERVALS[body["cycle"]], "quantity": 1,
            "description": body.get("description", ""),
        }  # fmt: skip
        method = TYPES[body["billingType"]]
        checkout = self.bank.make(
            "checkout", "chk", customer=body["customer"], organization="", reference=body["externalReference"],
            price=price, trial_ends_at=None, starts_at=text(starts), method=method, state="done", subscription="",
            success_url="", cancel_url="", expires_at=text(starts),
        )  # fmt: skip
        made = subscriptions.begin(self.bank, checkout, method, None)
        if not made["periods"]:
            subscriptions.announce(self.bank, made, at=self.bank.now())
        (first,) = self.bank.invoices_of(made["id"])
        self.bank.save("invoice", first | {"due_at": text(datetime.combine(due, time(23, 59, 59), ZONE))})
        return self.bank.save("subscription", made | {"state": "running", "billing_type": body["billingType"]})

    def _change(self, found: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        if unknown := set(body) - {
            "value", "cycle", "description", "updatePendingPayments", "status", "nextDueDate", "endDate", "billingType",
        }:  # fmt: skip
            raise Refusal("invalid_object", min(unknown), status=400)
        price = found["price"] | {"interval": INTERVALS[body["cycle"]]} if "cycle" in body else dict(found["price"])
        if "value" in body:
            price["amount"] = str(_value(body))
        found["price"] = price
        if body.get("status") == "INACTIVE":
            found["cancel_at"] = found["period_ends_at"]
        elif body.get("status") == "ACTIVE":
            found["cancel_at"] = None
        if "nextDueDate" in body:
            starts = text(datetime.combine(_day(body["nextDueDate"]), time(12), ZONE))
            found |= {"period_ends_at": starts, "anchor": starts, "periods": 0, "next_invoice": None}
        if "endDate" in body:
            found["end"] = _day(body["endDate"]).isoformat()
        if body.get("updatePendingPayments"):
            for one in self.bank.invoices_of(found["id"]):
                if one["state"] == "open" and not one.get("alone"):
                    self.bank.save("invoice", one | {"amount": price["amount"]})
        self.bank.save("subscription", found)
        self.bank.record("subscription.updated", "subscription", found)
        return found

    def next_charge(self, id: str) -> None:
        """The one of the next period, which is made 40 days ahead."""
        subscriptions.announce(self.bank, self.bank.get("subscription", id), at=self.bank.now())

    def _reprice(self, found: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        if found["state"] not in invoices.UNPAID_STATES:
            raise Refusal("invalid_action", "Esta cobrança não pode ser alterada.", status=400)
        return self.bank.save("invoice", found | {"amount": str(_value(body))})

    def _charge(self, body: dict[str, Any]) -> dict[str, Any]:
        if _day(body.get("dueDate")) < self.bank.now().astimezone(ZONE).date():
            raise Refusal("invalid_dueDate", "Não é permitido data de vencimento inferior a hoje.", status=400)
        found = self.bank.store.all("subscription")
        owner = next(one for one in found if one["reference"] == body["externalReference"])
        due = text(datetime.combine(_day(body["dueDate"]), time(23, 59, 59), ZONE))
        made = invoices.issue(self.bank, owner, _value(body), due_at=due, reason="change")
        return self.bank.save("invoice", made | {"alone": True, "description": body.get("description", "")})

    def _refund(self, found: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        before = Decimal(found["refunded"])
        invoices.refund(self.bank, found, _value(body, least=Decimal("0.01")) if "value" in body else None)
        done = {"value": str(Decimal(found["refunded"]) - before), "description": body.get("description", "")}
        return self.bank.save("invoice", found | {"refunds": [*found.get("refunds", []), done]})


def listed(found: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    limit, offset = int(query.get("limit", 10)), int(query.get("offset", 0))
    if not 0 < limit <= 100:
        raise Refusal("invalid_limit", "limit", status=400)
    if reference := query.get("externalReference"):
        found = [one for one in found if one.get("externalReference") == reference]
    data = found[offset : offset + limit]
    has_more = len(found) > offset + limit
    return {
        "object": "list",
        "hasMore": has_more,
        "totalCount": len(found),
        "limit": limit,
        "offset": offset,
        "data": data,
    }


def _check_customer(body: dict[str, Any]) -> None:
    if not body.get("name"):
        raise Refusal("invalid_name", "O campo nome deve ser informado.", status=400)
    if not re.fullmatch(r"\d{11}|[0-9A-Z]{12}\d{2}", str(body.get("cpfCnpj", ""))):
        raise Refusal("invalid_object", "O CPF/CNPJ informado é inválido.", status=400)


def _value(body: dict[str, Any], *, least: Decimal = Decimal(5)) -> Decimal:
    value = body.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or Decimal(str(value)) < least:
        raise Refusal("invalid_value", "O valor da cobrança não pode ser menor que R$ 5,00.", status=400)
    return Decimal(str(value))


def _day(written: Any) -> date:
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise Refusal("invalid_date", "data", status=400) from error
