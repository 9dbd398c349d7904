"""Own domains: what may be claimed, what proves a claim, and what happens when the proof goes away."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Any, ClassVar

import dns.flags
import dns.message
import dns.rrset
import pytest
from django.test import Client
from django.utils import timezone

from shared_apps.accounts.models import User
from shared_apps.core.errors import FieldError, NotThere
from shared_apps.organizations import dns as resolving
from shared_apps.organizations import domains
from shared_apps.organizations.errors import CheckedJustNow, DomainTaken, TooManyDomains
from shared_apps.organizations.models import Domain, DomainClaim, Organization
from shared_apps.tenancy import routing


class Zone:
    """A resolver whose records a test writes down; None: its servers are away."""

    records: ClassVar[dict[str, list[str] | None]] = {}

    def txt(self, name: str) -> list[str]:
        found = self.records.get(name, [])
        if found is None:
            raise resolving.ResolverAway(name)
        return found


@pytest.fixture(autouse=True)
def zone(settings: Any) -> Iterator[dict[str, list[str] | None]]:
    settings.DOMAIN_RESOLVER = f"{__name__}.Zone"
    Zone.records.clear()
    routing.clear()
    yield Zone.records
    Zone.records.clear()
    routing.clear()


def proven(organization: Organization, name: str, zone: dict[str, Any]) -> DomainClaim:
    claim = domains.claim_domain(organization, name, actor=None)
    zone[f"_colmeia.{name}"] = ["something else", claim.token]
    return domains.check_domain(claim, now=timezone.now())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("clientes.acme.com.br", "clientes.acme.com.br"),
        (" HTTPS://Clientes.Acme.com.br/ ", "clientes.acme.com.br"),
        ("acme.com.br.", "acme.com.br"),
        ("águas.acme.com.br", "xn--guas-4na.acme.com.br"),
    ],
)
def test_a_name_as_people_type_it(typed: str, name: str) -> None:
    assert domains.domain_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "acme", "*.acme.com.br", "acme..com.br", "-acme.com", "acme-.com", "acme_x.com", "a b.com", "1.2.3.4",
        "[::1]", "::1", "127.1", "localhost", "x.localhost", "localhost.localdomain.local", "acme.internal",
        "acme.com:8000", "acme.com/path", "a@acme.com", "acme.com?x=1", f"{'a' * 64}.com", f"{'a.' * 130}com",
        "acme.com\x00", "javascript:alert(1)", "<b>.com", "10.in-addr.arpa",
    ],
)  # fmt: skip
def test_what_is_no_public_name_is_refused(typed: str) -> None:
    with pytest.raises(FieldError):
        domains.domain_name(typed)


def test_the_platforms_own_names_are_refused(settings: Any) -> None:
    settings.PLATFORM_DOMAIN = "app.colmeia.example"
    for typed in ("app.colmeia.example", "acme.app.colmeia.example", "colmeia.example"):
        with pytest.raises(FieldError):
            domains.domain_name(typed)


def test_a_claim_lets_nobody_in_until_it_is_proven(acme: Organization, alice: User, zone: dict[str, Any]) -> None:
    now = timezone.now()
    claim = domains.claim_domain(acme, "acme.example.com", actor=alice)
    assert domains.claim_domain(acme, "ACME.example.com", actor=alice) == claim
    assert domains.check_domain(claim, now=now).problem == "no_record"
    zone["_colmeia.acme.example.com"] = ["colmeia=other"]
    with pytest.raises(CheckedJustNow):
        domains.check_domain(DomainClaim.objects.get(), now=now + timedelta(seconds=1), by_hand=True)
    assert domains.check_domain(claim, now=now).problem == "wrong_value"
    zone["_colmeia.acme.example.com"] = None
    assert domains.check_domain(claim, now=now).problem == "unreachable"
    assert not Domain.objects.filter(domain="acme.example.com").exists()
    zone["_colmeia.acme.example.com"] = [claim.token]
    assert domains.check_domain(claim, now=now).verified_at == now
    assert Domain.objects.get(domain="acme.example.com").tenant == acme


def test_a_proven_name_works_at_once(
    acme: Organization, client: Client, zone: dict[str, Any], django_capture_on_commit_callbacks: Any
) -> None:
    asked = {"path": "/api/v1/schema/", "headers": {"host": "acme.example.com"}}
    assert client.get(**asked).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        proven(acme, "acme.example.com", zone)
    assert client.get(**asked).status_code == 200


def test_another_organizations_name_is_refused(acme: Organization, globex: Organization, zone: dict[str, Any]) -> None:
    late = domains.claim_domain(globex, "acme.example.com", actor=None)
    proven(acme, "acme.example.com", zone)
    with pytest.raises(DomainTaken):
        domains.claim_domain(globex, "acme.example.com", actor=None)
    zone["_colmeia.acme.example.com"].append(late.token)  # even with a record of its own
    assert domains.check_domain(late, now=timezone.now()).problem == "taken"
    with pytest.raises(FieldError):
        domains.claim_domain(globex, "acme.localhost", actor=None)


def test_there_is_a_limit(acme: Organization) -> None:
    for number in range(domains.MOST):
        domains.claim_domain(acme, f"a{number}.example.com", actor=None)
    with pytest.raises(TooManyDomains):
        domains.claim_domain(acme, "more.example.com", actor=None)


def test_the_main_address(acme: Organization, zone: dict[str, Any]) -> None:
    claim = proven(acme, "acme.example.com", zone)
    assert domains.primary_host(acme.pk) == "acme.localhost"
    with pytest.raises(NotThere):
        domains.make_primary(acme, "unproven.example.com")
    domains.make_primary(acme, "acme.example.com")
    assert domains.primary_host(acme.pk) == "acme.example.com"
    domains.give_up_domain(claim)
    assert domains.primary_host(acme.pk) == "acme.localhost"
    assert not DomainClaim.objects.exists()
    with pytest.raises(NotThere):
        domains.check_domain(claim, now=timezone.now())


def test_the_job_proves_warns_closes_and_forgets(acme: Organization, zone: dict[str, Any]) -> None:
    start = timezone.now()
    claim = domains.claim_domain(acme, "acme.example.com", actor=None)
    zone["_colmeia.acme.example.com"] = [claim.token]
    assert domains.check_due(start) == 1
    assert domains.check_due(start + timedelta(hours=1)) == 0  # proven: once a day is enough
    zone.clear()
    gone = start + timedelta(days=2)
    assert domains.check_due(gone) == 1
    claim.refresh_from_db()
    assert (claim.problem, domains.closes_at(claim)) == ("no_record", start + domains.GRACE)
    assert Domain.objects.filter(domain="acme.example.com").exists()  # it works on, with a warning
    zone["_colmeia.acme.example.com"] = None
    domains.check_due(start + timedelta(days=40))
    assert Domain.objects.filter(domain="acme.example.com").exists()  # our name servers' trouble is not theirs
    zone.clear()
    domains.check_due(start + timedelta(days=40))
    assert not Domain.objects.filter(domain="acme.example.com").exists()
    forgotten = domains.claim_domain(acme, "never.example.com", actor=None)
    domains.check_due(forgotten.created_at + domains.RETRY_FOR + timedelta(hours=1))
    assert not DomainClaim.objects.exists()


@pytest.mark.parametrize(
    ("asked", "status"),
    [("acme.localhost", 200), ("localhost", 200), ("nobody.localhost", 404), ("evil.example", 404), ("", 404),
     ("a b", 404), ("acme.localhost\x00", 404), ("../acme", 404)],
)  # fmt: skip
def test_what_a_proxy_is_told(acme: Organization, client: Client, asked: str, status: int) -> None:
    answer = client.get("/tls/ask/", {"domain": asked}, headers={"host": "localhost"})
    assert (answer.status_code, answer.content) == (status, b"")


def test_no_certificate_for_a_closed_organization(acme: Organization, client: Client) -> None:
    Organization.objects.filter(pk=acme.pk).update(status="suspended")
    assert client.get("/tls/ask/", {"domain": "acme.localhost"}, headers={"host": "localhost"}).status_code == 404


def test_the_real_resolver_against_a_real_server() -> None:
    answers = {"_colmeia.acme.example.": ['"col" "meia=1"', '"other"'], "empty.example.": []}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            for _ in range(2):
                wire, address = server.recvfrom(4096)
                query = dns.message.from_wire(wire)
                reply = dns.message.make_response(query)
                reply.flags |= dns.flags.RA
                name = query.question[0].name
                if texts := answers.get(str(name)):
                    reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", texts))
                server.sendto(reply.to_wire(), address)

        Thread(target=serve, daemon=True).start()
        resolver = resolving.PublicResolver(["127.0.0.1"], server.getsockname()[1])
        assert sorted(resolver.txt("_colmeia.acme.example")) == ["colmeia=1", "other"]
        assert resolver.txt("empty.example") == []
        closed = resolving.PublicResolver(["127.0.0.1"], 1, seconds=0.3)
        with pytest.raises(resolving.ResolverAway):
            closed.txt("acme.example")
