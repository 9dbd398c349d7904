"""An Asaas on loopback that refuses what the real one refuses (header, order of checks, 200 for what is created)."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "$aact_hmlg_000MzkwODA2MWY2OGM3MWRlMDU2NWM3MzJlNzZmNGZhZGY6OmZha2U="
TODAY = date(2026, 1, 1)  # due dates before it are refused


@dataclass
class Fake:
    url: str = ""
    customers: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)
    webhooks: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    lose_answer_of: str = ""  # "POST /payments": done, but the answer never comes
    breaks: bool = False
    refuses: str = ""  # every call of this method

    def payment(self, id: str) -> dict[str, Any]:
        return next(one for one in self.payments if one["id"] == id)

    def pay(self, id: str, value: float | None = None, *, on: str = "2026-11-20", how: str = "PIX") -> None:
        paid = {"status": "RECEIVED", "clientPaymentDate": on, "paymentDate": on, "billingType": how}
        self.payment(id).update(paid, **({} if value is None else {"value": value}))


@contextmanager
def serving() -> Iterator[Fake]:
    fake = Fake()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    fake.url = f"http://127.0.0.1:{server.server_port}/v3"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class Refuse(Exception):
    def __init__(self, status: int, code: str, text: str) -> None:
        self.answer = status, {"errors": [{"code": code, "description": text}]}


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            path = urlsplit(self.path)
            route = path.path.removeprefix("/v3")
            fake.calls.append(f"{self.command} {route}")
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                if fake.breaks:
                    raise Refuse(500, "boom", "Internal")
                if fake.refuses == self.command:
                    raise Refuse(400, "invalid_action", "Não é possível agora.")
                query = {name: values[0] for name, values in parse_qs(path.query).items()}
                status, answer = 200, self._answer(route, query, raw)
            except Refuse as refusal:
                status, answer = refusal.answer
            if status == 200 and fake.lose_answer_of == f"{self.command} {route}":
                fake.lose_answer_of = ""
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - names of the standard library

        def _answer(self, route: str, query: dict[str, str], raw: bytes) -> dict[str, Any]:
            if self.headers.get("access_token") != KEY:
                raise Refuse(401, "invalid_access_token", "A chave de API fornecida é inválida")
            if not self.headers.get("User-Agent"):
                raise Refuse(403, "no_agent", "User-Agent")
            if self.command == "GET" and raw:
                raise Refuse(403, "forbidden", "GET com corpo")
            body = json.loads(raw) if raw else {}
            if raw and self.headers.get("Content-Type") != "application/json":
                raise Refuse(400, "invalid_content", "Content-Type")
            return _routed(fake, self.command, route, query, body)

        def log_message(self, *_given: Any) -> None:
            pass

    return Handler


def _routed(fake: Fake, method: str, route: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
    match (method, *route.strip("/").split("/")):
        case ("GET", "customers"):
            return _listed(fake.customers, query)
        case ("POST", "customers"):
            return _customer(fake, body)
        case ("GET", "payments"):
            return _listed(list(reversed(fake.payments)), query)
        case ("POST", "payments"):
            return _payment(fake, body)
        case ("GET", "payments", id):
            return _known(fake.payments, id)
        case ("DELETE", "payments", id):
            _known(fake.payments, id)["deleted"] = True
            return {"deleted": True, "id": id}
        case ("GET", "payments", id, "pixQrCode"):
            return {"encodedImage": "", "payload": f"00020126{_known(fake.payments, id)['id']}6304ABCD"}
        case ("GET", "payments", id, "identificationField"):
            _known(fake.payments, id)
            return {"identificationField": "03399777792990000000004751101017181510000002990", "barCode": "0" * 44}
        case ("GET", "webhooks"):
            return _listed(fake.webhooks, query)
        case ("POST", "webhooks"):
            if not 32 <= len(body.get("authToken", "")) <= 255:
                raise Refuse(400, "invalid_authToken", "authToken")
            fake.webhooks.append({"id": f"wh_{len(fake.webhooks)}", **body})
            return fake.webhooks[-1]
        case ("PUT", "webhooks", id):
            _known(fake.webhooks, id).update(body)
            return _known(fake.webhooks, id)
    raise Refuse(404, "not_found", "")


def _known(things: list[dict[str, Any]], id: str) -> dict[str, Any]:
    found = next((one for one in things if one["id"] == id), None)
    if found is None:
        raise Refuse(404, "not_found", "")
    return found


def _listed(things: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
    wanted = query.get("externalReference")
    found = [one for one in things if not wanted or one.get("externalReference") == wanted]
    limit = int(query.get("limit", 10))
    data = found[:limit]
    return {"object": "list", "hasMore": len(found) > limit, "totalCount": len(found), "limit": limit, "data": data}


def _customer(fake: Fake, body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("name"):
        raise Refuse(400, "invalid_name", "O campo nome deve ser informado.")
    if not re.fullmatch(r"\d{11}|[0-9A-Z]{12}\d{2}", body.get("cpfCnpj", "")):
        raise Refuse(400, "invalid_object", "O CPF/CNPJ informado é inválido.")
    fake.customers.append({"object": "customer", "id": f"cus_{len(fake.customers):012}", "deleted": False, **body})
    return fake.customers[-1]


def _payment(fake: Fake, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("customer") not in {one["id"] for one in fake.customers}:
        raise Refuse(400, "invalid_customer", "Customer inválido ou não informado.")
    if body.get("billingType") not in {"UNDEFINED", "BOLETO", "CREDIT_CARD", "PIX"}:
        raise Refuse(400, "invalid_billingType", "O campo billingType deve ser informado.")
    if not isinstance(body.get("value"), int | float) or body["value"] < 5:
        raise Refuse(400, "invalid_value", "O valor da cobrança não pode ser menor que R$ 5,00.")
    if date.fromisoformat(body["dueDate"]) < TODAY:
        raise Refuse(400, "invalid_dueDate", "Não é permitido data de vencimento inferior a hoje.")
    id = f"pay_{len(fake.payments):016}"
    made = {
        "object": "payment", "id": id, "status": "PENDING", "deleted": False, "netValue": body["value"],
        "invoiceUrl": f"https://sandbox.asaas.com/i/{id}", "clientPaymentDate": None, "paymentDate": None, **body,
    }  # fmt: skip
    fake.payments.append(made)
    return made
