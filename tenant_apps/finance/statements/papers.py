"""A client's account on paper."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from reportlab.platypus import Spacer

from shared_apps.core import formats
from shared_apps.core.papers import sheet
from shared_apps.core.papers.look import FAINT, TITLE
from shared_apps.core.papers.sheet import Firm
from tenant_apps.finance.statements import rows
from tenant_apps.finance.statements.client import Account

WIDTHS = [12, 42, 15, 15, 16]


def account_pdf(found: Account, *, firm: Firm, currency: str) -> bytes:
    def money(value: Any, is_sum: bool) -> Any:
        return sheet.figure(formats.money(value, currency) if value != "" else "", is_sum=is_sum)

    period = f"{formats.date(found.period.start)} – {formats.date(found.period.end)}"
    title = _("Statement of %(client)s") % {"client": found.client.name}
    head, *lines = rows.of_account(found)
    table = [
        [sheet.text(formats.date(on)), sheet.text(said), *(money(value, at == len(lines)) for value in amounts)]
        for at, (on, said, *amounts) in enumerate(lines, start=1)
    ]
    story = [
        sheet.text(title, TITLE),
        sheet.text(" · ".join(filter(None, [formats.document(found.client.document), period])), FAINT),
        Spacer(1, 10),
        sheet.table(head, table, WIDTHS),
    ]
    return sheet.build(story, firm=firm, title=title, context=title, foot=f"{firm.name} · {period}")
