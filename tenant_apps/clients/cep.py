"""The address that a CEP stands for, asked of a provider outside. It helps whoever types, and holds nobody up.

A provider that does not answer within TIMEOUT is left alone for PAUSE seconds; then there is simply no address.
ViaCEP: https://viacep.com.br (no key, JSON, `{"erro": ...}` for a CEP that nobody has).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Protocol

import httpx
from django.conf import settings
from django.core.cache import cache
from structlog import get_logger

logger = get_logger(__name__)
TIMEOUT = 2.0  # seconds, for all of it
PAUSE = 60  # seconds
KEPT = 30 * 24 * 3600  # seconds; streets seldom move


@dataclass(frozen=True, slots=True)
class Address:
    street: str = ""
    district: str = ""
    city: str = ""
    state: str = ""


class Unreachable(Exception):
    """The provider did not answer, or not as agreed."""


class Provider(Protocol):
    def find(self, digits: str) -> Address | None:
        """The address of a CEP of 8 digits; None: there is none. Raises Unreachable."""


class ViaCep:
    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self.transport = transport

    def find(self, digits: str) -> Address | None:
        try:
            with httpx.Client(timeout=TIMEOUT, transport=self.transport) as http:
                answer = http.get(f"https://viacep.com.br/ws/{digits}/json/")
                answer.raise_for_status()
                found: Any = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable(str(error)) from error
        if not isinstance(found, dict):
            raise Unreachable("no object")
        if found.get("erro"):
            return None
        names = {"street": "logradouro", "district": "bairro", "city": "localidade", "state": "uf"}
        return Address(**{ours: str(found.get(theirs) or "")[:80] for ours, theirs in names.items()})


PROVIDERS: dict[str, type[ViaCep]] = {"viacep": ViaCep}


def address_of(digits: str, provider: Provider | None = None) -> Address | None:
    """None when nobody has the CEP, nobody is asked (settings.CEP_PROVIDER is empty) or the provider is away."""
    if provider is None and settings.CEP_PROVIDER:
        provider = PROVIDERS[settings.CEP_PROVIDER]()
    if provider is None:
        return None
    known = cache.get(f"cep:{digits}")
    if known is not None:
        return Address(**known) if known else None
    if cache.get("cep:away"):
        return None
    try:
        found = provider.find(digits)
    except Unreachable as error:
        logger.warning("cep_provider_away", reason=str(error)[:200])
        cache.set("cep:away", True, PAUSE)
        return None
    cache.set(f"cep:{digits}", asdict(found) if found else {}, KEPT)
    return found
