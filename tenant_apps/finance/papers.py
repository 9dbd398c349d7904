"""The two papers of money as PDF: what is due (with its PIX code) and the receipt of what was paid."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from shared_apps.core import formats, qr
from shared_apps.core.papers import sheet
from shared_apps.core.papers.look import BODY, SECTION, SMALL, STRONG, TITLE
from shared_apps.organizations import current
from tenant_apps.finance.charging import Charge
from tenant_apps.finance.models import Entry, Payment

QR_SIDE = 55 * mm


def charge(given: Charge) -> bytes:
    """What is due of an entry today."""
    entry, due = given.entry, given.due
    facts = [
        (_("For"), _who(entry)),
        (_("What for"), entry.description),
        (_("Due on"), formats.date(entry.due_on)),
        (pgettext("money", "Amount"), _money(entry.amount)),
        *([(_("Already paid"), _money(entry.paid))] if entry.paid else []),
        *([(_("Late fee and interest"), _money(due.extra))] if due.extra else []),
        *([(_("Discount"), f"- {_money(due.discount)}")] if due.discount else []),
    ]
    story = [sheet.amount(_("To pay on %(day)s") % {"day": formats.date(current.today())}, _money(due.total))]
    if given.can_pix:
        story += _pix(given.pix_code)
    if given.boleto:
        story += [sheet.text(_("Pay by boleto"), SECTION), sheet.text(given.boleto, BODY)]
    if given.page:
        story += [Spacer(1, 6), sheet.text(_("Or here: %(page)s") % {"page": given.page}, SMALL)]
    return _paper(_("Charge"), facts, story)


def receipt(payment: Payment) -> bytes:
    """What was paid, when and for what."""
    entry = payment.entry
    facts = [
        (_("Received from") if entry.kind == "receivable" else _("Paid to"), _who(entry)),
        (_("What for"), entry.description),
        (_("Paid on"), formats.date(payment.paid_on)),
        (_("Method"), capfirst(payment.get_method_display())),
        *([(_("Of it late fee and interest"), _money(payment.extra))] if payment.extra else []),
        *([(_("Discount"), _money(payment.discount))] if payment.discount else []),
        *([(_("Still open"), _money(entry.open_amount))] if entry.open_amount else []),
        *([(_("Reference"), payment.reference)] if payment.reference else []),
    ]
    story = [sheet.amount(_("Amount paid"), _money(payment.amount))]
    if payment.reversal_id is not None:
        story += [Spacer(1, 6), sheet.text(_("This payment was reversed and does not count."), STRONG)]
    return _paper(_("Receipt"), facts, story)


def file_name(entry: Entry, kind: str = "charge") -> str:
    return f"{kind}-{slugify(entry.description)[:40] or 'colmeia'}"


def _paper(title: str, facts: Sequence[tuple[str, str]], story: Sequence[Flowable]) -> bytes:
    firm = current.letterhead()
    whole = [sheet.text(title, TITLE), Spacer(1, 8), sheet.facts(facts), Spacer(1, 10), *story]
    return sheet.build(whole, firm=firm, title=title, context=" · ".join(firm.details), foot=firm.name)


def _pix(code: str) -> list[Flowable]:
    said = _("Open your bank's app, choose PIX and point the camera at the code, or copy the text below.")
    return [
        sheet.text(_("Pay with PIX"), SECTION),
        sheet.text(said, BODY),
        Spacer(1, 6),
        sheet.picture(qr.png(code), QR_SIDE),
        Spacer(1, 6),
        sheet.text(code, SMALL),
    ]


def _money(amount: Decimal) -> str:
    return formats.money(amount, current.currency())


def _who(entry: Entry) -> str:
    if entry.client is None:
        return entry.party or "-"
    document = formats.document(entry.client.document)
    return f"{entry.client.legal_name or entry.client.name}{f' ({document})' if document else ''}"
