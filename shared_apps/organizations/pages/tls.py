"""What a proxy asks before it has a certificate issued: is this host one of ours?"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from shared_apps.tenancy import routing
from shared_apps.tenancy.routing import TooManyUnknownHosts
from shared_apps.web.access import methods, public


@methods("GET")
@public
def tls_ask(request: HttpRequest) -> HttpResponse:
    """200 for a host that is served, 404 for any other, and not a word more. `?domain=clientes.acme.com.br`."""
    host = routing.normalise(request.GET.get("domain", ""))
    try:
        route = routing.by_host(host) if host else None
    except TooManyUnknownHosts:
        return HttpResponse(status=503, headers={"Retry-After": "1"})
    served = host == settings.PLATFORM_DOMAIN or (route is not None and route.is_served)
    return HttpResponse(status=200 if served else 404)
