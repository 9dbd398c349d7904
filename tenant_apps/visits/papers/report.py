"""One visit on paper, for the client."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image as Pixels
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Spacer

from shared_apps.core import formats
from shared_apps.core.errors import NotThere
from shared_apps.core.papers import sheet
from shared_apps.core.papers.look import FAINT, SECTION, SMALL, TITLE
from shared_apps.core.papers.sheet import Firm, text
from shared_apps.core.pictures import BROKEN
from tenant_apps.files.models import Attachment
from tenant_apps.files.queries import opened
from tenant_apps.visits import drawn, kinds
from tenant_apps.visits.models import VisitReport

MOST_PHOTOS = 12
PHOTO = (56 * mm, 42 * mm)


def report(visit: VisitReport, *, photos: dict[str, list[Attachment]], firm: Firm) -> bytes:
    client, place = visit.appointment.client, visit.appointment.place
    title = _("Visit on %(day)s") % {"day": formats.date(visit.checked_in_at or visit.appointment.starts_at)}
    where = ", ".join(filter(None, [place.street, place.number, place.city_and_state])) if place else ""
    times = [formats.time(at) for at in (visit.checked_in_at, visit.checked_out_at) if at]
    story: list[Flowable] = [
        text(title, TITLE),
        text(f"{client.name} · {where}" if where else client.name),
        text(" · ".join(filter(None, [str(visit.by or ""), " – ".join(times)])), FAINT),
    ]
    if steps := [[text("[x]" if step.get("done") else "[ ]"), _step(step)] for step in visit.checklist]:
        story += [text(_("Checklist"), SECTION), sheet.table(["", _("Done")], steps, [5, 95])]
    if readings := [_reading(one) for one in visit.readings.all()]:
        head = [_("Where"), _("Measured"), _("Value"), _("Good range")]
        story += [text(_("Readings"), SECTION), sheet.table(head, readings, [30, 30, 20, 20])]
    if doses := [_dose(one) for one in visit.doses.all()]:
        story += [
            text(_("Products used"), SECTION),
            sheet.table([_("Where"), _("Product"), _("Amount")], doses, [3, 4, 3]),
        ]
    if visit.notes:
        story += [text(_("Notes"), SECTION), text(visit.notes)]
    if (
        shown := [
            [picture, text(label, SMALL)]  # before and after beside each other
            for moment, label in (("before", _("Before")), ("after", _("After")))
            for photo in photos[moment][:MOST_PHOTOS]
            if (picture := _photo(photo))
        ]
    ):
        rows = [shown[at : at + 3] for at in range(0, len(shown), 3)]
        grid = sheet.table([_("Photos"), "", ""], [[*row, *[""] * (3 - len(row))] for row in rows], [1, 1, 1])
        story += [Spacer(1, 8), grid]
    story += _signed(visit)
    foot = _("Made with Colmeia")
    return sheet.build(story, firm=firm, title=title, context=f"{title} · {client.name}", foot=foot)


def _step(step: dict[str, Any]) -> Flowable:
    note = step.get("note")
    return text(f"{step.get('label', '')}\n{note}" if note else step.get("label", ""))


def _reading(one: Any) -> list[Flowable]:
    unit = kinds.unit_of(one.kind)
    value = f"{formats.number(one.value)} {unit}".strip()
    if one.is_low or one.is_high:
        value += " – " + (_("low") if one.is_low else _("high"))
    low, high = formats.number(one.low), formats.number(one.high)
    good = f"{low} – {high}" if low and high else _("from %(low)s") % {"low": low} if low else ""
    good = good or (_("up to %(high)s") % {"high": high} if high else "")
    return [text(one.asset or ""), text(kinds.label_of(one.kind)), text(value), text(good, SMALL)]


def _dose(one: Any) -> list[Flowable]:
    amount = f"{formats.number(one.amount)} {kinds.dose_unit(one.unit)}"
    return [text(one.asset or ""), text(one.product), text(amount)]


def _photo(photo: Attachment) -> Flowable | None:
    try:
        with opened(photo.thumbnail or photo.file) as file:
            return _image(file, *PHOTO)
    except (NotThere, *BROKEN):
        return None  # the storage lost it; the paper is about more


def _image(file: File | BytesIO, width: float, height: float) -> Flowable:
    pixels = Pixels.open(file)
    out = BytesIO()
    pixels.convert("RGB").save(out, "JPEG", quality=85)
    scale = min(width / pixels.width, height / pixels.height)
    out.seek(0)
    return Image(out, pixels.width * scale, pixels.height * scale, hAlign="LEFT")


def _signed(visit: VisitReport) -> list[Flowable]:
    if not (visit.signature or visit.signed_by):
        return []
    parts: list[Flowable] = [Spacer(1, 10)]
    try:
        parts.append(_image(BytesIO(drawn.picture(visit)), 60 * mm, 25 * mm))
    except (NotThere, *BROKEN):
        pass
    parts.append(text(_("Signed by %(name)s") % {"name": visit.signed_by or "–"}, SMALL))
    return [KeepTogether(parts)]
