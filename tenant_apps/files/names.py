"""The name of a file as somebody sends it, made harmless for pages, headers and disks."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')  # markup, and what Windows and shells read something into
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Cf holds the marks that turn text around: gpj.exe


def clean(sent: str, *, ending: str) -> str:
    """The last part of the name without anything invisible or special, with `ending` (such as ".pdf"); never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter) not in _INVISIBLE)
    stem = _FORBIDDEN.sub("_", visible)
    if ending_of(stem):
        stem = stem.rpartition(".")[0]
    stem = " ".join(stem.split()).strip(". ")[: LONGEST - len(ending)].rstrip(". ")
    return (stem or "file") + ending


def ending_of(name: str) -> str:
    """ ".pdf" of "Laudo.PDF"; empty when there is none that looks like one."""
    found = re.search(r"\.[A-Za-z0-9]{1,5}$", name.rstrip())
    return found[0].lower() if found else ""
