"""A rule in words, in both languages."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from tenant_apps.scheduling import wording

START = date(2026, 3, 3)  # a Tuesday


@pytest.mark.parametrize(
    ("rule", "english", "portuguese"),
    [
        ("FREQ=WEEKLY", "Every week on Tuesday", "Toda semana: terça-feira"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "Every 2 weeks on Monday and Thursday",
         "A cada 2 semanas: segunda-feira e quinta-feira"),
        ("FREQ=DAILY;INTERVAL=3", "Every 3 days", "A cada 3 dias"),
        ("FREQ=MONTHLY", "Every month on day 3", "Todo mês: dia 3"),
        ("FREQ=MONTHLY;BYDAY=2TU", "Every month on the 2nd Tuesday", "Todo mês: 2ª terça-feira"),
        ("FREQ=MONTHLY;BYDAY=-1SA", "Every month on the last Saturday", "Todo mês: último sábado"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day", "Todo mês: último dia"),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", "Every year on day 24 of December", "Todo ano: dia 24 de dezembro"),
        ("FREQ=WEEKLY;BYDAY=MO;BYMONTH=1,2", "Every week on Monday, in January and February",
         "Toda semana: segunda-feira, em janeiro e fevereiro"),
    ],
)  # fmt: skip
def test_sentences(rule: str, english: str, portuguese: str) -> None:
    with translation.override("en"):
        assert wording.sentence(rule, START) == english
    with translation.override("pt-br"):
        assert wording.sentence(rule, START) == portuguese
