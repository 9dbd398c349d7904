"""Billing's panels on the console's start page, and what an organization's page says of its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Max, Min, Q, Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from billing.insight.figures import MOVEMENTS
from billing.invoices.models import Invoice
from billing.subscriptions.models import Status, Subscription
from billing.webhooks.models import WebhookEvent
from shared_apps.console import facts, panels
from shared_apps.console.facts import Fact
from shared_apps.console.panels import COMPARED, GOOD, PRESENT, Line, Look, Panel
from shared_apps.core import formats
from shared_apps.organizations.models import Organization

MONTHS = 6
WORDS = {"new": _("New"), "expansion": _("Expansion"), "contraction": _("Contraction"), "churn": _("Churn")}
COLOURS = {"new": GOOD, "expansion": PRESENT, "contraction": COMPARED, "churn": panels.BAD}
GAINS = {"new", "expansion"}
OVERDUE = (Invoice.State.FAILED, Invoice.State.OVERDUE)
WAITING = (WebhookEvent.State.PENDING, WebhookEvent.State.WORKING, WebhookEvent.State.FAILED)


def currencies(look: Look, prefix: str) -> list[str]:
    """Those that were ever counted, the largest of now first."""
    found = {name.removeprefix(prefix) for row in look.days for name in row.figures if name.startswith(prefix)}
    return sorted(found, key=lambda one: (-Decimal(look.latest.get(f"{prefix}{one}", "0")), one))


def _mrr(look: Look) -> dict[str, Any]:
    rows, known = look.since(90), currencies(look, "billing.mrr.")
    lines = [
        Line(currency, panels.numbers(rows, f"billing.mrr.{currency}"), colour)
        for currency, colour in zip(known, (PRESENT, COMPARED), strict=False)
    ]
    figures = [formats.money(Decimal(look.latest.get(f"billing.mrr.{one}", "0")), one) for one in known]
    return {
        "figures": figures or [formats.money(Decimal(0))],
        "paying": look.latest.get("billing.paying", 0),
        "chart": panels.chart("line", panels.days_of(rows), lines),
    }


def _movement(look: Look) -> dict[str, Any]:
    """By month, in the currency that most is paid in; losses are below the line."""
    currency = next(iter(currencies(look, "billing.mrr.")), "BRL")
    months: dict[date, dict[str, Decimal]] = {}
    for row in look.days:
        sums = months.setdefault(panels.month_of(row.day), dict.fromkeys(MOVEMENTS, Decimal(0)))
        for name in MOVEMENTS:
            sums[name] += Decimal(row.figures.get(f"billing.{name}.{currency}", "0"))
    shown = sorted(months)[-MONTHS:]
    lines = [
        Line(str(WORDS[name]), [months[one][name] * (1 if name in GAINS else -1) for one in shown], COLOURS[name])
        for name in MOVEMENTS
    ]
    labels = [f"{one:%m/%Y}" for one in shown]
    last = months[shown[-1]] if shown else dict.fromkeys(MOVEMENTS, Decimal(0))
    net = sum((last[name] * (1 if name in GAINS else -1) for name in MOVEMENTS), Decimal(0))
    return {
        "net": formats.money(net, currency),
        "is_loss": net < 0,
        "chart": panels.chart("bar", labels, lines, stacked=True),
    }


def _trials(look: Look) -> dict[str, Any]:
    ended, converted = look.total("billing.trials_ended", 30), look.total("billing.trials_converted", 30)
    rows = look.since(30)
    line = Line(_t("Trials"), panels.numbers(rows, "billing.trialing"))
    return {
        "trialing": look.latest.get("billing.trialing", 0),
        "started": look.total("billing.trials_started", 30),
        "converted": converted,
        "share": formats.percent(converted / ended) if ended else "–",
        "chart": panels.chart("line", panels.days_of(rows), [line]),
    }


def _payments(look: Look) -> dict[str, Any]:
    found = Invoice.objects.filter(state__in=OVERDUE).values_list("currency")
    rows = list(found.annotate(number=Count("pk"), total=Sum(F("amount") - F("paid"))).order_by("currency"))
    return {
        "number": sum(number for _currency, number, _total in rows),
        "sums": [formats.money(total, currency) for currency, _number, total in rows],
    }


def _webhooks(look: Look) -> dict[str, Any]:
    """What waits, since when; and how long those of the last day took from arrival to effect."""
    waits, recent = Q(state__in=WAITING), Q(done_at__gte=look.now - timedelta(days=1))
    lag = F("done_at") - F("received_at")
    found = WebhookEvent.objects.filter(waits | recent | Q(state=WebhookEvent.State.DEAD)).aggregate(
        waiting=Count("pk", filter=waits),
        oldest=Min("received_at", filter=waits),
        dead=Count("pk", filter=Q(state=WebhookEvent.State.DEAD)),
        average=Avg(lag, filter=recent),
        longest=Max(lag, filter=recent),
    )
    return {
        "waiting": found["waiting"],
        "oldest": panels.seconds(look.now - found["oldest"]) if found["oldest"] else "",
        "dead": found["dead"],
        "average": panels.seconds(found["average"]),
        "longest": panels.seconds(found["longest"]),
        "discrepancies": look.latest.get("billing.discrepancies", 0),
    }


def _plans(keys: Sequence[UUID]) -> dict[UUID, str]:
    """The plan and the state of each organization's subscription; the one that lives, else the last."""
    told: dict[UUID, str] = {}
    found = Subscription.objects.filter(organization_id__in=keys).select_related("price__plan").order_by("created_at")
    over = {Status.CANCELED, Status.INCOMPLETE}
    for one in sorted(found, key=lambda one: one.status not in over):
        told[one.organization_id] = f"{one.price.plan.name} · {Status(one.status).label}"
    return told


facts.add(Fact(Organization, "plan", _("plan"), _plans, order=10))
panels.add(Panel("mrr", _("Monthly recurring revenue"), "insight/mrr.html", _mrr, order=10))
panels.add(Panel("movement", _("Movement of the month"), "insight/movement.html", _movement, order=20))
panels.add(Panel("trials", _("Trials"), "insight/trials.html", _trials, order=30))
panels.add(Panel("payments", _("Failed payments"), "insight/payments.html", _payments, order=60))
panels.add(Panel("webhooks", _("Webhooks"), "insight/webhooks.html", _webhooks, order=70))
