"""Receivables and payables from a spreadsheet, with what was paid of them."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shared_apps.core.errors import FieldError
from tenant_apps.clients import words
from tenant_apps.finance import services
from tenant_apps.finance.models import Category, Entry, Kind, Method, Payment
from tenant_apps.transfers.columns import Field
from tenant_apps.transfers.kinds import cells
from tenant_apps.transfers.kinds.base import RowKind, Taking

KINDS = {
    **dict.fromkeys(("a receber", "receber", "receita", "entrada", "credito", "receivable", "income"), Kind.RECEIVABLE),
    **dict.fromkeys(("a pagar", "pagar", "despesa", "saida", "debito", "payable", "expense"), Kind.PAYABLE),
}
METHODS = {
    "pix": Method.PIX, "dinheiro": Method.CASH, "cash": Method.CASH, "cartao": Method.CARD, "card": Method.CARD,
    "cartao de credito": Method.CARD, "cartao de debito": Method.CARD, "transferencia": Method.TRANSFER,
    "ted": Method.TRANSFER, "bank transfer": Method.TRANSFER, "transferencia bancaria": Method.TRANSFER,
    "boleto": Method.BOLETO,
}  # fmt: skip


def take(taking: Taking, row: dict[str, str]) -> Entry | None:
    amount = cells.money("amount", row["amount"])
    kind = (
        cells.choice("kind", row["kind"], KINDS) if "kind" in row else Kind.PAYABLE if amount < 0 else Kind.RECEIVABLE
    )
    if amount < 0 and kind == Kind.RECEIVABLE:
        raise FieldError("amount", _("What is to be received is not negative."))
    due_on = cells.day("due_on", row["due_on"])
    client = cells.client(taking, row["client"]) if "client" in row else None
    party = row.get("party", "") or (row.get("client", "") if client is None else "")
    if kind == Kind.RECEIVABLE and "client" in row and client is None:
        raise FieldError("client", _("There is no such client. Import the clients first, or mend the name."))
    description = " ".join(row.get("description", "").split()) or party or (client.name if client else "")
    amount = abs(amount)
    if taking.skips_known:
        same = Entry.objects.filter(kind=kind, due_on=due_on, amount=amount, description=description, client=client)
        if any(pk not in taking.made for pk in same.values_list("pk", flat=True)):
            return None
    (entry,) = services.create_entry(
        actor=taking.actor, kind=kind, description=description, amount=amount, due_on=due_on,
        issued_on=cells.day("issued_on", row["issued_on"]) if "issued_on" in row else due_on,
        client=client, party=party, category=_category(taking, row.get("category", ""), kind),
        notes=row.get("notes", ""),
    )  # fmt: skip
    _pay(taking, entry, row)
    entry.refresh_from_db()
    return entry


def _pay(taking: Taking, entry: Entry, row: dict[str, str]) -> None:
    """A day of payment alone means that all was paid; an amount alone that it was on the due date."""
    if not row.get("paid_on") and not row.get("paid"):
        return
    paid = abs(cells.money("paid", row["paid"])) if row.get("paid") else entry.amount
    if paid == Decimal(0):
        return
    services.pay_entry(
        entry,
        actor=taking.actor,
        amount=paid,
        method=cells.choice("method", row["method"], METHODS) if "method" in row else Method.PIX,
        paid_on=cells.day("paid_on", row["paid_on"]) if row.get("paid_on") else entry.due_on,
    )


def _category(taking: Taking, name: str, kind: str) -> Category | None:
    """The one of this name, made where there is none."""
    key = f"category.{kind}.{words.name_key(name)}"
    if not name.strip():
        return None
    if key not in taking.found:
        known = {words.name_key(one.name): one for one in Category.objects.filter(kind=kind, is_active=True)}
        made = known.get(words.name_key(name))
        taking.found[key] = made or services.add_category(actor=taking.actor, name=name.strip(), kind=kind)
    found: Category = taking.found[key]
    return found


def undo(pk: UUID, version: int) -> bool:
    entry = Entry.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if entry is None:
        return True
    if entry.version != version:
        return False
    Payment.objects.filter(entry=entry).delete()
    entry.delete()
    return True


ENTRIES = RowKind(
    key="entries",
    title=gettext_lazy("Import receivables and payables"),
    about=gettext_lazy("One row for each amount that is or was due, with the day it was paid."),
    required=gettext_lazy("Say which columns hold the amount and the due date."),
    home="/entries/",
    icon="receipt",
    needed=("amount", "due_on"),
    take=take,
    undo=undo,
    fields=(
        Field(
            "description",
            gettext_lazy("Description"),
            "descricao|historico|titulo|referente|description|memo|lancamento",
        ),
        Field("amount", gettext_lazy("Amount due"), "valor|valor total|total|amount|value|valor r"),
        Field(
            "due_on", gettext_lazy("Due on"), "vencimento|data de vencimento|data vencimento|vence em|due|due date|data"
        ),
        Field("kind", gettext_lazy("Receivable or payable"), "tipo|natureza|kind|type"),
        Field(
            "client",
            gettext_lazy("Client (name, CPF, CNPJ or e-mail)"),
            "cliente|nome do cliente|sacado|pagador|client|customer",
        ),
        Field("party", gettext_lazy("Supplier"), "fornecedor|favorecido|supplier|vendor|beneficiario"),
        Field("category", gettext_lazy("Category"), "categoria|conta|plano de contas|category|account"),
        Field("issued_on", gettext_lazy("Issued on"), "emissao|data de emissao|competencia|issued|issue date"),
        Field(
            "paid_on",
            gettext_lazy("Paid on"),
            "pagamento|data de pagamento|data pagamento|pago em|paid on|payment date|baixa",
        ),
        Field("paid", gettext_lazy("Amount paid"), "valor pago|pago|recebido|valor recebido|paid|amount paid"),
        Field("method", gettext_lazy("Method"), "forma|forma de pagamento|meio|method|payment method"),
        Field("notes", gettext_lazy("Notes"), "observacoes|observacao|obs|notas|notes"),
    ),
)
