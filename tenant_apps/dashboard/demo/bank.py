"""What the bank says of the last weeks: most of it explained, some of it waiting for somebody to look."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from shared_apps.core import bulk
from tenant_apps.banking.models import Match, Statement, StatementLine
from tenant_apps.finance.models import Entry, Kind, Method, Payment

ACCOUNT = "0001 / 45.678-9"
BACK = timedelta(days=35)
MEMOS = {
    (Method.PIX, True): "PIX RECEBIDO {}", (Method.PIX, False): "PIX ENVIADO {}",
    (Method.TRANSFER, True): "TED RECEBIDA {}", (Method.TRANSFER, False): "TED ENVIADA {}",
    (Method.BOLETO, True): "LIQUIDACAO BOLETO {}", (Method.BOLETO, False): "PAGAMENTO BOLETO {}",
}  # fmt: skip
FEE = ("TARIFA PACOTE SERVICOS", Decimal("-39.90"))
UNTOLD = 4  # clients who paid and whose payment nobody has recorded


def write(chance: random.Random, today: date) -> None:
    """A statement up to yesterday: movements of recorded payments, a fee, and money nobody has looked at."""
    first, last = today - BACK, today - timedelta(days=1)
    statement = Statement.objects.create(
        file_name=f"extrato-{last:%Y-%m-%d}.ofx", account=ACCOUNT, starts_on=first, ends_on=last
    )
    lines: list[StatementLine] = []
    matches: list[Match] = []

    def add(on: date, amount: Decimal, memo: str) -> StatementLine:
        number = f"{on:%Y%m%d}{len(lines):05}"
        line = StatementLine(
            statement=statement, account=ACCOUNT, bank_id=number, on=on, amount=amount, memo=memo[:300]
        )
        lines.append(line)
        return line

    paid = Payment.objects.filter(paid_on__range=(first, last), method__in=[method for method, _in in MEMOS])
    for payment in paid.select_related("entry__client").defer("entry__client__search").order_by("paid_on", "pk"):
        entry, comes_in = payment.entry, payment.entry.kind == Kind.RECEIVABLE
        memo = MEMOS[Method(payment.method), comes_in].format(_name(entry))
        line = add(payment.paid_on, payment.amount if comes_in else -payment.amount, memo)
        if payment.paid_on < last - timedelta(days=4) or chance.random() < 0.5:
            line.decided_at = timezone.now()
            matches.append(Match(line=line, payment=payment))
    add(last.replace(day=1), FEE[1], FEE[0])
    owed = Entry.objects.overdue(today).receivable().filter(paid=0).exclude(client=None)
    for entry in owed.select_related("client").defer("client__search").order_by("-due_on", "pk")[:UNTOLD]:
        add(max(first, last - timedelta(days=chance.randint(0, 3))), entry.amount, f"PIX RECEBIDO {_name(entry)}")
    add(last, Decimal("120.00"), "PIX RECEBIDO J C FERREIRA")
    bulk.insert(lines)
    bulk.insert(matches)


def _name(entry: Entry) -> str:
    return (entry.client.name if entry.client else entry.party).upper()
