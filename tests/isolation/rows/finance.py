"""Entries, payments, categories, recurrences and how the firm is paid."""

from __future__ import annotations

from typing import Any

from shared_apps.accounts.models import User
from tenant_apps.banking.models import Match
from tenant_apps.finance.models import (
    ChargeLink,
    Entry,
    EntryCancellation,
    FinancePolicy,
    Payment,
    ProviderCharge,
    Recurrence,
    Reversal,
)
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

ENTRY = {"pk": key_of("finance.Entry")}
PAYMENT = {"pk": key_of("finance.Payment")}
CATEGORY = {"pk": key_of("finance.Category")}
RECURRENCE = {"pk": key_of("finance.Recurrence")}
ANY_VERSION = {"if-match": "*"}
PIX_KEY = {"pix_key": "ana@clients.example", "pix_name": "Acme", "pix_city": "Santos"}


def cancelled(world: World) -> None:
    entry = world["finance.Entry"]
    Entry.objects.filter(pk=entry.pk).update(cancellation=EntryCancellation.objects.create(entry=entry))


def unpaid(world: World) -> None:
    """The planted payment was reversed, so the entry may be cancelled."""
    payment = world["finance.Payment"]
    Payment.objects.filter(pk=payment.pk).update(reversal=Reversal.objects.create(payment=payment))
    Entry.objects.filter(pk=world["finance.Entry"].pk).update(paid=0)


def never_paid(world: World) -> None:
    Match.objects.all().delete()
    Payment.objects.update(reversal=None)
    Reversal.objects.all().delete()
    ProviderCharge.objects.all().delete()
    Payment.objects.all().delete()
    Entry.objects.filter(pk=world["finance.Entry"].pk).update(paid=0)


def counted(_world: World) -> None:
    """The planted payment was not reversed."""
    Payment.objects.update(reversal=None)


def unused(_world: World) -> None:
    Entry.objects.update(category=None)
    Recurrence.objects.update(category=None)


def with_pix(_world: World) -> None:
    FinancePolicy.objects.update(**PIX_KEY)


def with_a_link(_world: World) -> None:
    ChargeLink.objects.update(expires_at="2100-01-01T00:00Z")


def entry_body(world: World, _user: User) -> dict[str, Any]:
    client, category = world["clients.Client"], world["finance.Category"]
    return {
        "kind": category.kind, "client": str(client.pk), "category": str(category.pk), "description": "Visit",
        "amount": "10.00", "due_on": "2026-03-10",
    }  # fmt: skip


def recurrence_body(world: World, _user: User) -> dict[str, Any]:
    category = world["finance.Category"]
    return {
        "kind": category.kind, "category": str(category.pk), "description": "Rent", "amount": "10.00", "day": 5,
        "starts_on": "2098-01-01",
    }  # fmt: skip


def a_payment(_world: World, _user: User) -> dict[str, Any]:
    return {"amount": "1.00", "method": "cash", "paid_on": "2026-03-01"}


def chosen(world: World, _user: User) -> dict[str, Any]:
    return {"ids": [world["finance.Entry"].pk], "paid_on": "2026-03-01", "method": "cash"}


def entry_form(world: World, user: User) -> dict[str, Any]:
    return {**entry_body(world, user), "instalments": 1}


def changed_form(world: World, user: User) -> dict[str, Any]:
    return {**entry_body(world, user), "version": world["finance.Entry"].version, "description": "Other"}


def changed_recurrence(world: World, user: User) -> dict[str, Any]:
    return {**recurrence_body(world, user), "version": world["finance.Recurrence"].version}


# Who has the token may see the entry, whoever that is (tests/finance/test_charge_page.py); nobody guesses one.
NO_LINK = Row(arguments={"token": lambda world: world["finance.ChargeLink"].pk.hex}, answers=(404,), shows=False)
ROWS: dict[str, Row] = {
    "POST /api/v1/entries/": Row(body=entry_body),
    "GET /api/v1/entries/totals/": Row(shows=False),
    "GET /api/v1/entries/export/": Row(shows=False),  # streamed: it is read once, for the words of others
    "GET /api/v1/entries/<uuid:pk>/": Row(arguments=ENTRY),
    "PATCH /api/v1/entries/<uuid:pk>/": Row(
        arguments=ENTRY, headers=ANY_VERSION, body=lambda *_: {"description": "Other"}
    ),
    "DELETE /api/v1/entries/<uuid:pk>/": Row(arguments=ENTRY, before=never_paid),
    "POST /api/v1/entries/<uuid:pk>/cancellation/": Row(
        arguments=ENTRY, before=unpaid, body=lambda *_: {"reason": "mistake"}
    ),
    "DELETE /api/v1/entries/<uuid:pk>/cancellation/": Row(arguments=ENTRY, before=cancelled),
    "GET /api/v1/entries/<uuid:pk>/payments/": Row(arguments=ENTRY),
    "POST /api/v1/entries/<uuid:pk>/payments/": Row(arguments=ENTRY, body=a_payment),
    "POST /api/v1/entries/<uuid:pk>/link/": Row(arguments=ENTRY),
    "DELETE /api/v1/entries/<uuid:pk>/link/": Row(arguments=ENTRY, before=with_a_link),
    "GET /api/v1/entries/<uuid:pk>/pix/": Row(arguments=ENTRY, before=with_pix, shows=False),
    "GET /api/v1/payments/totals/": Row(shows=False),
    "GET /api/v1/payments/export/": Row(shows=False),  # streamed, as that of entries
    "POST /api/v1/payments/<uuid:pk>/reversal/": Row(arguments=PAYMENT, body=lambda *_: {"reason": "bounced"}),
    "POST /api/v1/categories/": Row(body=lambda *_: {"name": "New one", "kind": "payable"}),
    "PATCH /api/v1/categories/<uuid:pk>/": Row(arguments=CATEGORY, body=lambda *_: {"name": "Renamed"}),
    "DELETE /api/v1/categories/<uuid:pk>/": Row(arguments=CATEGORY, before=unused),
    "POST /api/v1/recurrences/": Row(body=recurrence_body),
    "GET /api/v1/recurrences/<uuid:pk>/": Row(arguments=RECURRENCE),
    "PATCH /api/v1/recurrences/<uuid:pk>/": Row(
        arguments=RECURRENCE, headers=ANY_VERSION, body=lambda *_: {"description": "Other"}
    ),
    "DELETE /api/v1/recurrences/<uuid:pk>/": Row(arguments=RECURRENCE),
    "PATCH /api/v1/receiving/": Row(body=lambda *_: {"due_days": 9}, before=with_pix),
    "GET /pay/<str:token>/": NO_LINK,
    "GET /pay/<str:token>/pdf/": NO_LINK,
    "GET /entries/clients/": Row(query="?q=zq", shows=False),
    "GET /entries/clients/<uuid:pk>/": Row(arguments={"pk": key_of("clients.Client")}),
    "GET /entries/new/": Row(),
    "GET /entries/instalments/": Row(shows=False),
    "GET /entries/export/": Row(shows=False),
    "POST /entries/payments/": Row(body=chosen, answers=(302,)),
    "POST /entries/payments/<uuid:pk>/reversal/": Row(arguments=PAYMENT, answers=(302,)),
    "GET /entries/payments/<uuid:pk>/receipt/": Row(arguments=PAYMENT, shows=False),  # its text is packed
    "POST /entries/new/": Row(body=entry_form, answers=(302,)),
    "GET /entries/<uuid:pk>/": Row(arguments=ENTRY),
    "GET /entries/<uuid:pk>/edit/": Row(arguments=ENTRY),
    "POST /entries/<uuid:pk>/edit/": Row(arguments=ENTRY, body=changed_form, answers=(302,)),
    "GET /entries/<uuid:pk>/payment/": Row(arguments=ENTRY),
    "POST /entries/<uuid:pk>/payment/": Row(arguments=ENTRY, body=a_payment, answers=(302,)),
    "POST /entries/<uuid:pk>/cancellation/": Row(arguments=ENTRY, before=unpaid, answers=(302,)),
    "POST /entries/<uuid:pk>/restoration/": Row(arguments=ENTRY, before=cancelled, answers=(302,)),
    "POST /entries/<uuid:pk>/removal/": Row(arguments=ENTRY, before=never_paid, answers=(302,)),
    "POST /entries/<uuid:pk>/link/": Row(arguments=ENTRY),
    "POST /entries/<uuid:pk>/links/removal/": Row(arguments=ENTRY, before=with_a_link, answers=(302,)),
    "GET /entries/<uuid:pk>/charge/": Row(arguments=ENTRY, shows=False),  # its text is packed
    "GET /payments/": Row(before=counted),
    "GET /payments/export/": Row(shows=False),
    "GET /recurrences/new/": Row(),
    "POST /recurrences/new/": Row(body=recurrence_body, answers=(302,)),
    "GET /recurrences/<uuid:pk>/": Row(arguments=RECURRENCE),
    "POST /recurrences/<uuid:pk>/": Row(arguments=RECURRENCE, body=changed_recurrence, answers=(302,)),
    "POST /recurrences/<uuid:pk>/removal/": Row(arguments=RECURRENCE, answers=(302,)),
    "GET /settings/receiving/": Row(),
    "POST /settings/receiving/": Row(body=lambda *_: {**PIX_KEY, "due_days": 9, "link_days": 30}, answers=(302,)),
    "POST /settings/receiving/categories/": Row(body=lambda *_: {"name": "New", "kind": "payable"}, answers=(302,)),
    "POST /settings/receiving/categories/<uuid:pk>/use/": Row(arguments=CATEGORY, answers=(302,)),
}
