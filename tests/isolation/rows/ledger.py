"""Statements, the bank, and charges issued by a provider."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shared_apps.accounts.models import User
from tenant_apps.banking.models import Match, StatementLine
from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers.models import ProviderCharge
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

CLIENT = {"pk": key_of("clients.Client")}
LINE = {"pk": key_of("banking.StatementLine")}
FILE = {"pk": key_of("banking.Statement")}
ENTRY = {"pk": key_of("finance.Entry")}


def open_line(_world: World) -> None:
    """The planted movement waits to be explained, for the planted entry: 7.50 of it."""
    Match.objects.all().delete()
    StatementLine.objects.update(is_ignored=False, amount="7.50")
    Entry.objects.update(kind="receivable")


def explained(_world: World) -> None:
    StatementLine.objects.update(is_ignored=False)


def not_charged(_world: World) -> None:
    ProviderCharge.objects.all().delete()
    Entry.objects.update(kind="receivable")


def charged(_world: World) -> None:
    ProviderCharge.objects.update(state="issued", is_leaving=False)


def overpaid(_world: World) -> None:
    ProviderCharge.objects.update(state="paid", problem="more than was due")


def parts(world: World, _user: User) -> dict[str, Any]:
    return {"entries": [{"entry": str(world["finance.Entry"].pk), "amount": "7.50"}]}


def a_file(world: World, _user: User) -> tuple[bytes, str]:
    rows = f"data;historico;valor\n2026-03-01;{world['clients.Client'].pk};10,00\n"
    return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("extrato.csv", rows.encode())}), MULTIPART_CONTENT


ROWS: dict[str, Row] = {
    "GET /finance/": Row(shows=False),
    "GET /finance/cash-flow.csv": Row(shows=False),
    "GET /finance/clients/<uuid:pk>/": Row(arguments=CLIENT),
    "GET /finance/clients/<uuid:pk>/statement.csv": Row(arguments=CLIENT, query="?from=2026-02-01&until=2026-03-31"),
    "GET /finance/clients/<uuid:pk>/statement.pdf": Row(arguments=CLIENT, shows=False),
    "GET /finance/income/": Row(query="?from=2026-02-01&until=2026-03-31"),
    "GET /finance/income.csv": Row(query="?from=2026-02-01&until=2026-03-31"),
    "GET /api/v1/statements/cash-flow/": Row(shows=False),
    "GET /api/v1/statements/income/": Row(query="?from=2026-02-01&until=2026-03-31"),
    "GET /bank/": Row(query="?state=ignored"),
    "GET /bank/statements/new/": Row(shows=False),
    "POST /bank/statements/new/": Row(body=a_file, answers=(302,)),
    "POST /bank/statements/<uuid:pk>/removal/": Row(arguments=FILE, before=open_line, answers=(302,)),
    "POST /bank/certain/": Row(answers=(302,), changes=False),
    "GET /bank/lines/<uuid:pk>/": Row(arguments=LINE),
    "POST /bank/lines/<uuid:pk>/explanation/": Row(
        arguments=LINE,
        before=open_line,
        body=lambda world, _user: {"entry": world["finance.Entry"].pk},
        answers=(302,),
    ),
    "POST /bank/lines/<uuid:pk>/entry/": Row(
        arguments=LINE, before=open_line, body=lambda *_: {"description": "Fee"}, answers=(302,)
    ),
    "POST /bank/lines/<uuid:pk>/ignoring/": Row(arguments=LINE, before=open_line, answers=(302,)),
    "POST /bank/lines/<uuid:pk>/reopening/": Row(arguments=LINE, before=explained, answers=(302,)),
    "POST /api/v1/bank-statements/": Row(body=a_file),
    "DELETE /api/v1/bank-statements/<uuid:pk>/": Row(arguments=FILE, before=open_line),
    "GET /api/v1/bank-lines/<uuid:pk>/": Row(arguments=LINE),
    "GET /api/v1/bank-lines/<uuid:pk>/suggestions/": Row(arguments=LINE, shows=False),
    "POST /api/v1/bank-lines/<uuid:pk>/explanation/": Row(arguments=LINE, before=open_line, body=parts),
    "DELETE /api/v1/bank-lines/<uuid:pk>/explanation/": Row(arguments=LINE, before=explained),
    "POST /api/v1/bank-lines/<uuid:pk>/entry/": Row(
        arguments=LINE, before=open_line, body=lambda *_: {"description": "Fee"}
    ),
    "POST /api/v1/bank-lines/<uuid:pk>/ignoring/": Row(arguments=LINE, before=open_line),
    "DELETE /api/v1/bank-lines/<uuid:pk>/ignoring/": Row(arguments=LINE),
    "GET /api/v1/statements/client/<uuid:client>/": Row(arguments={"client": key_of("clients.Client")}),
    "POST /settings/asaas/": Row(body=lambda *_: {"key": "$aact_hmlg_" + "k" * 40}, answers=(302,)),
    "POST /settings/asaas/removal/": Row(answers=(302,)),
    "GET /provider-charges/<uuid:pk>/": Row(arguments=ENTRY),
    "POST /provider-charges/<uuid:pk>/issue/": Row(arguments=ENTRY, before=not_charged, answers=(302,)),
    "POST /provider-charges/<uuid:pk>/removal/": Row(arguments=ENTRY, before=charged, answers=(302,)),
    "POST /provider-charges/<uuid:pk>/settlement/": Row(arguments=ENTRY, before=overpaid, answers=(302,)),
    "GET /api/v1/entries/<uuid:pk>/provider-charge/": Row(arguments=ENTRY),
    "POST /api/v1/entries/<uuid:pk>/provider-charge/": Row(arguments=ENTRY, before=not_charged),
    "DELETE /api/v1/entries/<uuid:pk>/provider-charge/": Row(arguments=ENTRY, before=charged),
    # The provider shows a token that nobody here has: see tests/finance/providers.
    "POST /webhooks/asaas-charges/<slug:path>/": Row(
        arguments={"path": lambda world: world["finance.ProviderAccount"].path},
        answers=(401,),
        as_stranger=(401,),
        changes=False,
    ),
}
