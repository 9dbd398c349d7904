"""Own domains on the settings page: claimed, checked, made the main address, removed; and used at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.test import Client

from shared_apps.accounts.models import User
from shared_apps.organizations import domains
from shared_apps.organizations.models import Domain, DomainClaim, Organization
from shared_apps.tenancy import routing
from tests.conftest import browse_as

PAGE = "/settings/domains/"


class Everything:
    """A resolver that finds whatever token was last written down."""

    values: ClassVar[list[str]] = []

    def txt(self, name: str) -> list[str]:
        return self.values


@pytest.fixture(autouse=True)
def _resolver(settings: Any) -> Iterator[None]:
    settings.DOMAIN_RESOLVER = f"{__name__}.Everything"
    Everything.values = []
    routing.clear()
    yield
    routing.clear()


@pytest.fixture
def owner(pages: Any, alice: User, acme: Organization) -> Client:
    return pages(alice, acme)


def test_from_the_claim_to_the_main_address(
    owner: Client, acme: Organization, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    assert owner.post(PAGE, {"domain": "https://Clientes.Acme.com.br/"}).status_code == 302
    claim = DomainClaim.objects.get()
    page = owner.get(PAGE).content.decode()
    assert "_colmeia.clientes.acme.com.br" in page
    assert claim.token in page
    assert "Waiting for proof" in page
    answer = owner.post(f"{PAGE}{claim.pk}/check/", follow=True)
    assert "There is no such TXT record yet" in answer.content.decode()
    DomainClaim.objects.update(checked_at=None)
    Everything.values = [claim.token]
    with django_capture_on_commit_callbacks(execute=True):
        answer = owner.post(f"{PAGE}{claim.pk}/check/", follow=True)
    assert "is yours and works now" in answer.content.decode()
    owner.post(f"{PAGE}primary/", {"domain": "clientes.acme.com.br"})
    assert Domain.objects.get(is_primary=True, tenant=acme).domain == "clientes.acme.com.br"

    own = Client(HTTP_HOST="clientes.acme.com.br", enforce_csrf_checks=True)
    assert "clientes.acme.com.br" in own.get("/sign-in/")["Location"]
    browse_as(own, alice, acme)
    shown = own.get(PAGE).content.decode()
    token = shown.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    sent = {"csrfmiddlewaretoken": token, "domain": "acme.localhost"}
    foreign = own.post(f"{PAGE}primary/", sent, headers={"origin": "http://evil.example"})
    assert foreign.status_code == 403
    answer = own.post(f"{PAGE}primary/", sent, headers={"origin": "http://clientes.acme.com.br"})
    assert answer.status_code == 302  # its own origin is trusted without being listed
    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"{PAGE}{claim.pk}/removal/")
    assert own.get("/sign-in/").status_code == 404


@pytest.mark.parametrize("typed", ["", "acme", "*.acme.com.br", "10.0.0.1", "globex.localhost", "<script>.com"])
def test_what_cannot_be_claimed_is_said(owner: Client, typed: str) -> None:
    answer = owner.post(PAGE, {"domain": typed})
    assert (answer.status_code, "domain" in answer.context["form"].errors) == (422, True)
    assert "<script>.com" not in answer.content.decode()


def test_another_organizations_claim_does_not_exist_here(
    owner: Client, acme: Organization, globex: Organization
) -> None:
    claim = globex.domain_claims.create(domain="globex.example.com", token="t")
    for path in (f"{PAGE}{claim.pk}/check/", f"{PAGE}{claim.pk}/removal/"):
        assert owner.post(path).status_code == 404
    assert owner.post(f"{PAGE}primary/", {"domain": "globex.localhost"}).status_code == 404
    assert "globex.example.com" not in owner.get(PAGE).content.decode()
    assert DomainClaim.objects.filter(pk=claim.pk).exists()


def test_an_impatient_person_waits_a_moment(owner: Client, acme: Organization) -> None:
    claim = acme.domain_claims.create(domain="acme.example.com", token="t")
    assert owner.post(f"{PAGE}{claim.pk}/check/").status_code == 302
    assert owner.post(f"{PAGE}{claim.pk}/check/").status_code == 429


def test_one_signs_in_on_the_own_domain_by_the_platform(acme: Organization, alice: User) -> None:
    name = "clientes.acme.com.br"
    Domain.objects.bulk_create([Domain(domain=name, tenant=acme, is_primary=False, kind=Domain.Kind.CUSTOM)])
    domains.make_primary(acme, name)
    platform, own = Client(HTTP_HOST="localhost"), Client(HTTP_HOST=name)
    platform.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    way_in = platform.get("/organizations/")
    assert way_in["Refresh"] == f"0; url=https://{name}/sign-in/"  # the main address, past the form's policy
    to_platform = own.get("/sign-in/?next=/settings/firm/")["Location"]
    back = platform.get(to_platform.removeprefix("https://localhost"))["Refresh"].partition("url=")[2]
    assert back.startswith(f"https://{name}/enter/?token=")
    assert own.get(back.removeprefix(f"https://{name}"))["Location"] == "/settings/firm/"
    assert own.get("/settings/firm/").status_code == 200
    other = Client(HTTP_HOST="acme.localhost")
    assert other.get(back.removeprefix(f"https://{name}")).status_code == 403  # bound to its host, and used
