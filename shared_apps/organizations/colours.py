"""An organization's accent colour: legible on our paper by day, and made so for the night."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import FieldError

PAPER, PAPER_DARK = "#faf8f4", "#171412"
INK, WHITE = "#1c1917", "#ffffff"
LEGIBLE = 4.5  # WCAG 2.2, 1.4.3: text of normal size
_HEX = re.compile(r"#[0-9a-f]{6}")


def accent(typed: str) -> str:
    """ "#b45309", or nothing for Colmeia's own. Raises FieldError for what is no colour or too pale to read."""
    colour = typed.strip().lower()
    if not colour:
        return ""
    if not _HEX.fullmatch(colour):
        raise FieldError("accent", _("Write the colour as # and six digits, such as #b45309."), "invalid_colour")
    found = contrast(colour, PAPER)
    if found < LEGIBLE:
        message = _("This colour is too pale to read on our pages (%(found)s to 1, at least 4.5). Choose a darker one.")
        raise FieldError("accent", message, "low_contrast", found=f"{found:.1f}")
    return colour


def contrast(one: str, other: str) -> float:
    """From 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def for_the_night(colour: str) -> str:
    """The colour mixed with so much white that it can be read on dark paper."""
    mixed = colour
    for share in range(0, 101, 5):
        mixed = _mixed(colour, WHITE, share)
        if contrast(mixed, PAPER_DARK) >= LEGIBLE:
            break
    return mixed


def on(colour: str) -> str:
    """White or ink: what is read better on this colour."""
    return max((WHITE, INK), key=lambda text: contrast(text, colour))


def style_sheet(colour: str) -> str:
    """The pages' variables with this accent, by day and by night; nothing without one."""
    if not colour:
        return ""
    night = for_the_night(colour)
    return (
        f':root,[data-bs-theme="light"]{{--accent:{colour};--on-accent:{on(colour)}}}'
        f'[data-bs-theme="dark"]{{--accent:{night};--on-accent:{on(night)}}}'
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, other: str, percent: int) -> str:
    pairs = [(int(colour[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{(one * (100 - percent) + two * percent) // 100:02x}" for one, two in pairs)
