"""A bank's file, read: OFX as Brazilian banks write it, and CSV in whatever shape. Nothing of it is believed."""

from __future__ import annotations

import codecs
import re

from django.utils.translation import gettext as _

from tenant_apps.banking.errors import Unreadable
from tenant_apps.banking.reading.lines import MAX_LINES, BankFile, with_ids
from tenant_apps.banking.reading.ofx import is_ofx, read_ofx
from tenant_apps.banking.reading.sheet import read_sheet

__all__ = ["MAX_BYTES", "BankFile", "read"]

MAX_BYTES = 5 * 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def read(content: bytes) -> BankFile:
    """Raises Unreadable."""
    if len(content) > MAX_BYTES:
        raise Unreadable(_("The file is larger than %(limit)d MB. Ask the bank for a shorter period."), limit=5)
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    text = decoded(content)
    found = read_ofx(text) if is_ofx(text) else read_sheet(text)
    if not found.lines:
        raise Unreadable(_("There is no movement in this file. Ask the bank for OFX, or for CSV with date and amount."))
    if len(found.lines) > MAX_LINES:
        raise Unreadable(_("The file has more than %(limit)d movements. Ask for a shorter period."), limit=MAX_LINES)
    return BankFile(found.account, with_ids(found.lines))


def decoded(content: bytes) -> str:
    """The text, whatever the header says of its encoding: banks declare UTF-8 and write cp1252, and the other way.

    Text that is not UTF-8 almost never decodes as if it were, so trying decides better than believing.
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return _CONTROL.sub("", content.decode(encoding, errors="replace"))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if len(_CONTROL.findall(text)) * 20 > len(text):
        raise Unreadable(_("This is not a bank statement. Choose an OFX or a CSV file."))
    return _CONTROL.sub("", text)
