"""What clients owe and the firm owes: mostly paid, some late, some in part."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from shared_apps.core import bulk
from tenant_apps.dashboard.demo.routes import Plan, Status, Visit
from tenant_apps.dashboard.periods import end_of_month
from tenant_apps.finance.models import Category, Entry, FinancePolicy, Kind, Method, Payment, Recurrence
from tenant_apps.scheduling.models import Contract

# description, party, category, day, amount: what comes back every month
MONTHLY = (
    ("Aluguel do galpão", "Imobiliária Cambuí", "Aluguel", 5, "2400.00"),
    ("Contabilidade", "Escritório Monteiro", "Serviços", 10, "480.00"),
    ("Internet e telefone", "Telefônica", "Serviços", 15, "219.90"),
    ("Salários", "Equipe", "Salários", 5, "7800.00"),
)
PURCHASES = (
    ("Combustível", "Posto Taquaral", "Combustível", 180, 320),
    ("Cloro e produtos químicos", "Química Paulista", "Produtos químicos", 350, 900),
    ("Manutenção da van", "Oficina do Nélson", "Veículos", 150, 700),
    ("Peças e acessórios", "Casa das Piscinas", "Peças", 60, 400),
)
SMALL = (  # what a large firm's teams spend on their way, so many a day that little else would be believable
    ("Pedágio e estacionamento", "Sem Parar", "Veículos", 6, 28),
    ("Combustível", "Posto Taquaral", "Combustível", 20, 60),
    ("Cloro avulso", "Química Paulista", "Produtos químicos", 15, 60),
    ("Material de limpeza", "Mercado da Vila", "Peças", 8, 45),
)
RECEIVED = ("Contratos", "Visitas avulsas")
METHODS = (Method.PIX, Method.PIX, Method.PIX, Method.TRANSFER, Method.BOLETO, Method.CARD, Method.CASH)


@dataclass(slots=True)
class Ledger:
    chance: random.Random
    today: date
    entries: list[Entry] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)

    def add(self, amount: Decimal, due_on: date, *, reliable: float, **fields: Any) -> None:
        """An entry, and what was paid of it by now. `reliable`: how many of a hundred pay in the end."""
        entry = Entry(amount=amount, due_on=due_on, **fields)
        self.entries.append(entry)
        age, luck = (self.today - due_on).days, self.chance.random() * 100
        if age > 60:  # it was asked for often enough
            reliable = 100 - (100 - reliable) / 5
        if luck < reliable and (age >= 0 or luck < 15):
            paid_on = due_on + timedelta(days=self.chance.choice([-3, -1, 0, 0, 0, 1, 2, 6]))
            self._pay(entry, amount, min(paid_on, self.today))
        elif age > 0 and luck > 100 - (100 - reliable) / 3:
            self._pay(entry, (amount / 2).quantize(Decimal("0.01")), min(due_on + timedelta(days=2), self.today))

    def _pay(self, entry: Entry, amount: Decimal, on: date) -> None:
        entry.paid = amount
        entry.settled_on = on if amount == entry.amount else None
        method = self.chance.choice(METHODS) if entry.kind == Kind.RECEIVABLE else Method.PIX
        self.payments.append(Payment(entry=entry, amount=amount, method=method, paid_on=on))


def write(
    chance: random.Random, plan: Plan, visits: list[Visit], first_day: date, today: date, *, at_least: int
) -> int:
    FinancePolicy.objects.get_or_create(
        only=True,
        defaults={"pix_key": "financeiro@demo.example", "pix_name": "PISCINAS DEMO", "pix_city": "CAMPINAS",
                  "late_fee": Decimal(2), "interest": Decimal(1)},
    )  # fmt: skip
    spent = dict.fromkeys(row[2] for row in (*MONTHLY, *PURCHASES))
    kinds = [*((name, Kind.RECEIVABLE) for name in RECEIVED), *((name, Kind.PAYABLE) for name in spent)]
    categories = {name: Category.objects.get_or_create(name=name, kind=kind)[0] for name, kind in kinds}
    ledger = Ledger(chance, today)
    for route in plan.routes:
        if route.contract.billing == Contract.Billing.ADVANCE:
            _charge_months(ledger, route.contract, categories["Contratos"])
    _charge_visits(ledger, visits, categories)
    _pay_bills(ledger, first_day, categories)
    while len(ledger.entries) < at_least:
        day = first_day + timedelta(days=chance.randrange((today - first_day).days))
        _buy(ledger, day, chance.choice(SMALL), categories)
    bulk.insert(ledger.entries)
    bulk.insert(ledger.payments)
    return len(ledger.entries)


def _months(first: date, until: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= until:
        yield month
        month += relativedelta(months=1)


def _charge_months(ledger: Ledger, contract: Contract, category: Category) -> None:
    since = contract.starts_on if contract.starts_on.day == 1 else contract.starts_on + relativedelta(months=1, day=1)
    for month in _months(since, ledger.today):
        ledger.add(
            contract.price, month.replace(day=contract.billing_day), reliable=93, kind=Kind.RECEIVABLE,
            client_id=contract.client_id, contract=contract, period=month, issued_on=month, category=category,
            description=f"{contract.title} {month:%m/%Y}", late_fee=Decimal(2), interest=Decimal(1),
        )  # fmt: skip


def _charge_visits(ledger: Ledger, visits: list[Visit], categories: dict[str, Category]) -> None:
    for visit in visits:
        appointment = visit.appointment
        if appointment.status != Status.DONE or not visit.stands or not appointment.price:
            continue
        day = appointment.starts_at.date()
        ledger.add(
            appointment.price, day + timedelta(days=7), reliable=94, kind=Kind.RECEIVABLE,
            client_id=appointment.client_id, appointment=appointment, issued_on=day,
            category=categories["Contratos" if visit.route else "Visitas avulsas"],
            description=f"{visit.offering.name} {day:%d/%m/%Y}", late_fee=Decimal(2), interest=Decimal(1),
        )  # fmt: skip


def _pay_bills(ledger: Ledger, first_day: date, categories: dict[str, Category]) -> None:
    until = end_of_month(ledger.today)
    for description, party, category, day, amount in MONTHLY:
        recurrence = Recurrence.objects.create(
            kind=Kind.PAYABLE, party=party, category=categories[category], description=description,
            amount=Decimal(amount), day=day, starts_on=first_day, generated_until=until,
        )  # fmt: skip
        for month in _months(first_day, ledger.today):
            ledger.add(
                Decimal(amount), month.replace(day=day), reliable=100, kind=Kind.PAYABLE, party=party,
                category=categories[category], recurrence=recurrence, period=month, issued_on=month,
                description=description,
            )  # fmt: skip
    for month in _months(first_day, ledger.today):
        for day, purchase in ((3, 0), (8, 1), (12, 0), (18, 2), (20, 0), (22, 1), (24, 3), (27, 0)):
            if month.replace(day=day) <= ledger.today:
                _buy(ledger, month.replace(day=day), PURCHASES[purchase], categories)


def _buy(ledger: Ledger, day: date, purchase: tuple[str, str, str, int, int], categories: dict[str, Category]) -> None:
    description, party, category, low, high = purchase
    amount = Decimal(ledger.chance.randint(low * 100, high * 100)) / 100
    ledger.add(
        amount, day + timedelta(days=14), reliable=97, kind=Kind.PAYABLE, party=party, issued_on=day,
        category=categories[category], description=description,
    )  # fmt: skip
