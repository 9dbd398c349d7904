"""The demo firm's clients: a pool cleaner's book that looks like one. Nobody in it exists.

Deterministic: the same seed makes the same people, so that documentation and tests can speak of them.
"""

from __future__ import annotations

import random
from typing import Any

from django.db import transaction
from stdnum.br import cnpj, cpf

from tenant_apps.clients import services, words
from tenant_apps.clients.models import Client, CustomField

SEED = 20261123
PEOPLE = (
    "Ana Beatriz Moura", "Antônio Carlos Prado", "Beatriz Nogueira", "Bruno Sampaio", "Caio Vasconcelos",
    "Camila Teixeira", "Cecília Brandão", "Cláudia Fontes", "Daniel Arruda", "Débora Queiroz", "Eduardo Meireles",
    "Fernanda Lacerda", "Flávio Junqueira", "Gabriela Pacheco", "Heloísa Barreto", "Igor Monteiro", "Inês Carvalho",
    "João Pedro Siqueira", "José Ávila", "Larissa Bittencourt", "Luís Otávio Ramos", "Márcia Guimarães",
    "Paula D'Ávila", "Renato Conceição", "Sílvia Magalhães", "Tomás Figueiredo", "Vera Lúcia Assunção", "Yara Coelho",
)  # fmt: skip
COMPANIES = (
    ("Condomínio Jardim das Acácias", "condomínio"), ("Condomínio Vila Verde", "condomínio"),
    ("Residencial Águas Claras", "condomínio"), ("Edifício Solar do Bosque", "condomínio"),
    ("Clube Náutico Guarapiranga", "clube"), ("Clube Campestre Araucária", "clube"), ("Academia Braçada", "academia"),
    ("Escola de Natação Golfinho", "academia"), ("Pousada Recanto do Sol", "hotel"), ("Hotel Serra Azul", "hotel"),
    ("Colégio Monte Alto", "escola"), ("Spa Flor de Lótus", "hotel"),
)  # fmt: skip
CITIES = (
    ("Campinas", "SP", 19, "13024"), ("Valinhos", "SP", 19, "13271"), ("Vinhedo", "SP", 19, "13280"),
    ("Indaiatuba", "SP", 19, "13330"), ("Jundiaí", "SP", 11, "13201"), ("São Paulo", "SP", 11, "04567"),
)  # fmt: skip
STREETS = ("Rua das Palmeiras", "Avenida Brasil", "Rua Barão de Itapura", "Alameda dos Ipês", "Rua Sete de Setembro")
DISTRICTS = ("Centro", "Cambuí", "Taquaral", "Jardim Paulista", "Vila Nova")
POOL_TYPES = ("vinil", "fibra", "alvenaria", "azulejo")
ACCESS = ("Chave com o porteiro.", "Cachorro no quintal: avisar antes.", "Portão lateral.", "")


@transaction.atomic
def fill() -> int:
    """Make the demo clients, unless there are clients already. Returns how many were made."""
    if Client.objects.exists():
        return 0
    if not CustomField.objects.filter(key="pool_type").exists():
        services.define_custom_field(
            actor=None, key="pool_type", label="Tipo de piscina", type="choice", choices=list(POOL_TYPES)
        )
    chance = random.Random(SEED)  # noqa: S311 - believable, not secret
    for name in PEOPLE:
        _add(chance, name, "person", ["residencial"])
    for name, tag in COMPANIES:
        _add(chance, name, "company", [tag])
    return len(PEOPLE) + len(COMPANIES)


def _add(chance: random.Random, name: str, kind: str, tags: list[str]) -> None:
    city, state, area, postal_code = chance.choice(CITIES)
    company = kind == "company"
    client = services.create_client(
        actor=None,
        kind=kind,
        name=name,
        legal_name=f"{name} Ltda." if company else "",
        document=_document(chance, company=company),
        email=f"contato@{words.name_key(name).replace(' ', '-')}.example",
        phone=f"+55{area}9{chance.randint(81000000, 99999999)}",
        tags=[*tags, *(["vip"] if chance.random() < 0.2 else [])],
        notes="Prefere contato por WhatsApp." if chance.random() < 0.3 else "",
        custom={"pool_type": chance.choice(POOL_TYPES)},
    )
    for label in ("Sede", "Filial") if company and chance.random() < 0.3 else ("Sede" if company else "Casa",):
        place = services.add_place(
            client,
            actor=None,
            label=label,
            street=chance.choice(STREETS),
            number=str(chance.randint(10, 1900)),
            district=chance.choice(DISTRICTS),
            city=city,
            state=state,
            postal_code=f"{postal_code}{chance.randint(0, 999):03}",
            access_notes=chance.choice(ACCESS),
        )
        for asset in _pools(chance, company=company):
            services.add_asset(place, actor=None, **asset)


def _pools(chance: random.Random, *, company: bool) -> list[dict[str, Any]]:
    surface = chance.randint(80, 300) if company else chance.randint(15, 50)
    pool = {
        "kind": "pool",
        "name": "Piscina adulto" if company else "Piscina",
        "surface_m2": surface,
        "volume_m3": round(surface * 1.4),
        "filter": chance.choice(["areia", "cartucho", "zeólita"]),
    }
    small = {"kind": "pool", "name": "Piscina infantil", "surface_m2": 20, "volume_m3": 12, "filter": "areia"}
    return [pool, small] if company and chance.random() < 0.4 else [pool]


def _document(chance: random.Random, *, company: bool) -> str:
    """A number with right check digits that was made up here."""
    if company:
        base = f"{chance.randint(10, 59)}{chance.randint(100000, 999999)}0001"
        return base + cnpj.calc_check_digits(base)
    base = f"{chance.randint(100000000, 999999999)}"
    return next(f"{base}{n:02}" for n in range(100) if cpf.is_valid(f"{base}{n:02}"))
