"""One entry: what is due, what was paid, how it can be paid, and what is done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import formats, qr
from shared_apps.core.errors import NotThere
from shared_apps.core.ids import uuid7
from shared_apps.organizations import current
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.errors import is_htmx
from shared_apps.web.files import pdf
from shared_apps.web.toasts import toast
from tenant_apps.clients.page_views.answers import back
from tenant_apps.finance import papers, queries, services
from tenant_apps.finance.api.entries import found
from tenant_apps.finance.charges import due_amount
from tenant_apps.finance.charging import charge_of
from tenant_apps.finance.forms import PaymentForm, written
from tenant_apps.finance.history import told
from tenant_apps.finance.models import ChargeLink, Entry, Kind, Payment
from tenant_apps.finance.page_views.lists import ICONS
from tenant_apps.finance.states import TONES, state_of
from tenant_apps.team.actor import actor_of


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def entry_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, found(pk))


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def entry_pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The form in a window of the page; on a page of its own where there is no script."""
    entry, today = found(pk), current.today()
    due = due_amount(entry, on=today)
    if request.method == "GET":
        initial = {"id": uuid7(), "amount": due.total, "paid_on": today, "method": "pix"}
        return _payment_form(request, entry, PaymentForm(initial=initial))
    form = PaymentForm(request.POST)
    if form.is_valid():
        given = {**form.cleaned_data, "id": form.cleaned_data["id"] or uuid7()}
        payment = form.attempt(services.receive, entry, actor=actor_of(request), **given)
        if payment is not None:
            amount = formats.money(payment.amount, current.currency())
            undo = reverse("finance:reverse", args=[payment.pk])
            toast(request, _("Payment of %(amount)s recorded.") % {"amount": amount}, undo_url=undo)
            return back(request, reverse("finance:detail", args=[pk]))
    return _payment_form(request, entry, form, 422)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def payment_reverse(request: HttpRequest, pk: UUID) -> HttpResponse:
    payment = _payment(pk)
    services.reverse_payment(
        payment, actor=actor_of(request), reason=request.POST.get("reason", "").replace("\x00", "")
    )
    toast(request, _("The payment was reversed; the amount is due again."))
    return back(request, reverse("finance:detail", args=[payment.entry_id]))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def entry_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = found(pk)
    services.cancel_entry(entry, actor=actor_of(request), reason=request.POST.get("reason", "").replace("\x00", ""))
    text = _("%(name)s is cancelled.") % {"name": entry.description}
    toast(request, text, undo_url=reverse("finance:restore", args=[pk]))
    return back(request, reverse("finance:detail", args=[pk]))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def entry_restore(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = found(pk)
    services.restore_entry(entry, actor=actor_of(request))
    toast(request, _("%(name)s is due again.") % {"name": entry.description})
    return back(request, reverse("finance:detail", args=[pk]))


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def entry_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = found(pk)
    services.delete_entry(entry, actor=actor_of(request))
    toast(request, _("%(name)s is gone.") % {"name": entry.description})
    return redirect("finance:list")


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def link_make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page with the new address on it, this once: only a hash of it is kept."""
    entry = found(pk)
    charge_of(entry, today=current.today())
    url = services.make_link(entry, actor=actor_of(request), now=timezone.now())
    return _show(request, found(pk), url=url)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def links_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    services.revoke_links(found(pk), actor=actor_of(request), now=timezone.now())
    toast(request, _("The links of this charge do not work any more."))
    return redirect("finance:detail", pk=pk)


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def charge_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    entry = found(pk)
    return pdf(papers.charge(charge_of(entry, today=current.today())), papers.file_name(entry))


@requires(Permission.FINANCE_VIEW)
@methods("GET")
def receipt_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    payment = _payment(pk)
    return pdf(papers.receipt(payment), papers.file_name(payment.entry, "receipt"))


def _show(request: HttpRequest, entry: Entry, *, url: str = "") -> HttpResponse:
    today, now = current.today(), timezone.now()
    state = state_of(entry, today)
    values: dict[str, Any] = {
        "entry": entry,
        "due": due_amount(entry, on=today),
        "state": capfirst(str(state.label)),
        "tone": TONES[state],
        "icon": ICONS[state],
        "payments": queries.payments_of(entry),
        "currency": current.currency(),
        "is_open": entry.cancellation_id is None and entry.open_amount > 0,
        "entries": told(entry),
        "url": url,
    }
    if entry.kind == Kind.RECEIVABLE and values["is_open"]:
        charge = charge_of(entry, today=today)
        values["can_charge"] = True
        values["links"] = list(
            ChargeLink.objects.filter(entry=entry, revoked_at=None, expires_at__gt=now).order_by("-id")
        )
        if charge.can_pix:
            values["code"] = charge.pix_code
            values["qr"] = qr.svg(charge.pix_code)
    return render(request, "finance/detail.html", values)


def _payment(pk: UUID) -> Payment:
    payment = (
        Payment.objects.select_related("entry__client", "reversal").defer("entry__client__search").filter(pk=pk).first()
    )
    if payment is None:
        raise NotThere
    return payment


def _payment_form(request: HttpRequest, entry: Entry, form: PaymentForm, status: int = 200) -> HttpResponse:
    due = due_amount(entry, on=current.today())
    values = {
        "entry": entry, "form": form, "due": due, "currency": current.currency(), "principal": written(due.principal),
        "total": written(due.total),
    }  # fmt: skip
    return render(request, "finance/_pay.html" if is_htmx(request) else "finance/pay_page.html", values, status=status)
