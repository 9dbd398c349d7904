"""/_components/: every component of the look on one page. Mounted in development only."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shared_apps.web.access import public
from shared_apps.web.forms import Form, TextField

MOMENT = datetime(2026, 11, 20, 14, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))


class ExampleForm(Form):
    name = TextField(limit=80, label="Nome", help_text="Como o cliente se apresenta.")
    document = TextField(limit=20, mask="cpf-cnpj", label="CPF ou CNPJ", required=False)
    phone = TextField(limit=20, mask="phone", label="Telefone", required=False)
    postal_code = TextField(limit=9, mask="cep", label="CEP", required=False)
    price = TextField(limit=12, mask="money", label="Valor", required=False)
    kind = forms.ChoiceField(label="Tipo", choices=[("person", "Pessoa"), ("company", "Empresa")])
    notes = TextField(limit=500, rows=3, label="Observações", required=False)
    agreed = forms.BooleanField(label="Aceito receber avisos")


@public
def showcase(request: HttpRequest) -> HttpResponse:
    refused = ExampleForm({"document": "1", "kind": "person"})
    refused.is_valid()
    values = {
        "form": ExampleForm(),
        "refused": refused,
        "tones": [
            {"tone": "success", "icon": "check", "text": "Pago"},
            {"tone": "warning", "icon": "clock", "text": "Pendente"},
            {"tone": "danger", "icon": "alert-circle", "text": "Vencido"},
            {"tone": "info", "icon": "player-play", "text": "Em andamento"},
            {"tone": "neutral", "icon": "archive", "text": "Arquivado"},
        ],
        "entries": [
            {"text": "Cliente criado", "by": "Helena Prado", "at": MOMENT, "changes": ["Telefone: (11) 91234-5678"]}
        ],
        "headings": ["Cliente", "Cidade"],
        "rows": [
            {"cells": ["Condomínio Aurora", "São Paulo - SP"], "href": "#", "detail": "12.345.678/0001-95"},
            {"cells": ["Maria da Silva", "Campinas - SP"], "href": "#", "detail": "390.533.447-05"},
        ],
        "series": ["Este ano", "Ano passado"],
        "months": [
            {"label": month, "cells": [{"value": value, "text": f"R$ {value}"} for value in values]}
            for month, *values in [("set", 4200, 3900), ("out", 5100, 4300), ("nov", 5650, 4800)]
        ],
        "filters": [{"name": "tag", "label": "Etiqueta", "value": "", "choices": [("vip", "vip")]}],
    }
    return render(request, "web/showcase.html", values)
