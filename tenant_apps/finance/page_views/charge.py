"""What a client sees who follows a charge's link: one entry, and nothing else of the organization."""

from __future__ import annotations

from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from shared_apps.accounts.addresses import client_address, neighbourhood
from shared_apps.core import qr
from shared_apps.core.errors import NotThere
from shared_apps.organizations import current
from shared_apps.web.access import methods, public
from shared_apps.web.counting import TooManyTries, count, counted
from shared_apps.web.files import pdf
from tenant_apps.finance import papers, services
from tenant_apps.finance.charging import Charge, charge_of

MISSES = 30  # wrong addresses from one place, after which it waits
MISSES_FOR = 15 * 60  # seconds
LONGEST_TOKEN = 64


def shown_to_clients(view: Any) -> Any:
    """Find the charge of the token and call `view(request, charge, token)`; say kindly that there is none.

    No copy is kept anywhere, no search engine lists it, and the address is not told to whom a link leads.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        charge = _charge(request, token)
        if charge is None:
            answer = render(request, "finance/pay_closed.html", status=404)
        else:
            answer = view(request, charge, token)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    return opened


@methods("GET")
@public
@shown_to_clients
def charge_page(request: HttpRequest, charge: Charge, token: str) -> HttpResponse:
    values: dict[str, Any] = {"charge": charge, "entry": charge.entry, "token": token, "today": current.today()}
    values["currency"] = current.currency()
    if charge.can_pix:
        values["code"] = charge.pix_code
        values["qr"] = qr.svg(charge.pix_code)
    return render(request, "finance/pay.html", values)


@methods("GET")
@public
@shown_to_clients
def charge_paper(request: HttpRequest, charge: Charge, token: str) -> HttpResponse:
    return pdf(papers.charge(charge), papers.file_name(charge.entry))


def _charge(request: HttpRequest, token: str) -> Charge | None:
    """Raises TooManyTries for who tries address after address."""
    visitor = neighbourhood(client_address(request.META))
    if counted("charge-misses", visitor) >= MISSES:
        raise TooManyTries
    link = services.opened(token, now=timezone.now()) if len(token) <= LONGEST_TOKEN else None
    if link is not None:
        try:
            return charge_of(link.entry, today=current.today())
        except NotThere:
            return None
    count("charge-misses", visitor, within=MISSES_FOR)
    return None
