"""Bringing a bank's file in: each movement once, however often its file comes and however files overlap."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from tenant_apps.activity import services as activity
from tenant_apps.banking.errors import AlreadyExplained
from tenant_apps.banking.models import Match, Statement, StatementLine
from tenant_apps.banking.reading import read
from tenant_apps.team.models import Member


@dataclass(frozen=True, slots=True)
class Brought:
    """`statement` is None when every movement of the file was known."""

    statement: Statement | None
    new: int
    known: int


def bring_statement(content: bytes, *, name: str, actor: Member | None, account: str = "") -> Brought:
    """`account` names the account where the file does not, as CSV. Raises Unreadable."""
    found = read(content)
    account = (found.account or " ".join(account.split()))[:60]
    with transaction.atomic():
        statement = Statement.objects.create(
            file_name=name[:200],
            account=account,
            starts_on=min(line.on for line in found.lines),
            ends_on=max(line.on for line in found.lines),
            by=actor,
        )
        StatementLine.objects.bulk_create(
            [
                StatementLine(
                    statement=statement,
                    account=line.account or account,
                    bank_id=line.bank_id,
                    on=line.on,
                    amount=line.amount,
                    memo=line.memo,
                )
                for line in found.lines
            ],
            ignore_conflicts=True,  # the constraint decides, also between two who bring the same file at once
            batch_size=2000,
        )
        new = statement.lines.count()
        known = len(found.lines) - new
        if not new:
            statement.delete()
            return Brought(None, 0, known)
        activity.record(actor, "bank.statement_brought", statement, after={"new": new, "known": known})
        return Brought(statement, new, known)


@transaction.atomic
def remove_statement(statement: Statement, *, actor: Member | None) -> None:
    """Take a file's movements out again. Raises AlreadyExplained when one of them is explained."""
    lines = StatementLine.objects.select_for_update().filter(statement=statement).order_by("pk")
    if Match.objects.filter(line__in=list(lines), payment__reversal=None).exists():
        raise AlreadyExplained
    activity.record(actor, "bank.statement_removed", statement, before={"file": statement.file_name})
    statement.delete()
