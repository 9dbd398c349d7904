"""Everything people read is marked for translation and translated: `make messages` says what is missing and where."""

from __future__ import annotations

from config.messages import check


def test_every_text_is_in_portuguese_too() -> None:
    assert check.everything() == []
