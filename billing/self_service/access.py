"""What a state of the subscription opens and closes, for every request on an organization's host.

Grace: looking and exporting go on, writing is refused. Suspended or ended: signing in, these pages and exports only.
What a plan does not have is refused by the module of the view, whatever the state. Views below this storey (who is who,
settings) and those that are public (what clients were sent) always work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from billing import entitlements
from billing.entitlements import Entitlements, Feature
from billing.plans.errors import EXPORT, ReadOnly, Suspended
from billing.subscriptions.models import Status
from shared_apps.core.errors import DomainError
from shared_apps.organizations import authentication
from shared_apps.tenancy import refusals
from shared_apps.web import errors
from shared_apps.web.access import Public
from shared_apps.web.api.problems import problem_of

SAFE = {"GET", "HEAD", "OPTIONS"}
CLOSED = (Status.SUSPENDED, Status.CANCELED)
API_ALWAYS = ("/api/v1/auth/", "/api/v1/schema/", "/api/v1/docs/")


class AccessMiddleware:
    """Refuses with 402 what the subscription does not allow; reads what it allows once a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with entitlements.one_request():
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, named: Any
    ) -> HttpResponseBase | None:
        route = getattr(request, "route", None)
        if route is None or is_public(view, request):
            return None
        refusal = refusal_of(request, view, entitlements.of(route.organization_id))
        if refusal is None or _is_stranger(request):
            return None  # a stranger is told to sign in, and nothing of who pays
        if refusals.wants_problem(request):
            return problem_of(refusal, instance=request.path)
        return errors.page_of(request, refusal)


def refusal_of(request: HttpRequest, view: Callable[..., Any], known: Entitlements) -> DomainError | None:
    """Why this request is not for this organization now; None: it is."""
    module = module_of(view)
    if module.startswith("tenant_apps."):
        name = request.resolver_match.view_name if request.resolver_match else ""
        if known.status in CLOSED and not entitlements.stays_open(name):
            return Suspended(upgrade=entitlements.PLAN_PAGE, export=EXPORT)
        if known.status == Status.GRACE and request.method not in SAFE and not entitlements.stays_open(name):
            return ReadOnly(upgrade=entitlements.PLAN_PAGE)
    feature = feature_of(request, module)
    if feature is not None and known.limit(feature) == 0:
        return entitlements.not_in_plan(feature)
    return None


def feature_of(request: HttpRequest, module: str) -> Feature | None:
    """What a plan must have for this view."""
    if request.path_info.startswith("/api/") and not request.path_info.startswith(API_ALWAYS):
        return Feature.API
    if request.method == "POST" and request.path_info == "/settings/domains/":
        return Feature.CUSTOM_DOMAIN
    return entitlements.guarded(module)


def module_of(view: Callable[..., Any]) -> str:
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None) or view
    return str(kind.__module__)


def is_public(view: Callable[..., Any], request: HttpRequest) -> bool:
    kind = getattr(view, "cls", None)
    if kind is None:
        return getattr(view, "required_permission", None) is Public
    return getattr(kind, "permission", None) is Public


def missing(request: HttpRequest) -> frozenset[str]:
    """Features that the menu leaves out."""
    route = getattr(request, "route", None)
    if route is None:
        return frozenset()
    known = entitlements.of(route.organization_id)
    return frozenset(feature.value for feature in (Feature.FINANCE, Feature.REPORTS) if known.limit(feature) == 0)


def _is_stranger(request: HttpRequest) -> bool:
    try:
        return authentication.sign_in_any(request) is None
    except DomainError:
        return True
