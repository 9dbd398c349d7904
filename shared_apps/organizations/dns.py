"""Reading TXT records. settings.DOMAIN_RESOLVER names the class, so that tests and closed networks bring their own."""

from __future__ import annotations

from typing import Protocol, cast

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.module_loading import import_string

SECONDS = 4.0  # for all tries together: a person waits for it


class ResolverAway(Exception):
    """No name server answered: whether there is a record is not known."""


class Resolver(Protocol):
    def txt(self, name: str) -> list[str]:
        """The TXT records of a name, empty when there is none. Raises ResolverAway."""


class PublicResolver:
    """The machine's name servers, or the given ones."""

    def __init__(self, nameservers: list[str] | None = None, port: int = 53, seconds: float = SECONDS) -> None:
        self.nameservers, self.port, self.seconds = nameservers, port, seconds

    def txt(self, name: str) -> list[str]:
        try:
            resolver = dns.resolver.Resolver(configure=self.nameservers is None)
            if self.nameservers is not None:
                resolver.nameservers, resolver.port = list(self.nameservers), self.port
            resolver.lifetime = self.seconds
            answer = resolver.resolve(name, "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise ResolverAway(name) from error
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


class NoResolver:
    """For where DNS is out of reach: nothing is known, so nothing is ever proven."""

    def txt(self, name: str) -> list[str]:
        raise ResolverAway(name)


def resolver() -> Resolver:
    return cast(Resolver, import_string(settings.DOMAIN_RESOLVER)())
