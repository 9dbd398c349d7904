"""The console's admin site. `register()` is how an app shows its rows there; what nobody registered is not shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, include, path, re_path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog
from unfold.sites import UnfoldAdminSite

from shared_apps.console import panels
from shared_apps.console.access import seconds_left, staff_only
from shared_apps.console.words import name_fields
from shared_apps.site.views import sign_out
from shared_apps.web.access import Staff, methods

Admin = TypeVar("Admin", bound=type[Any])
View = Callable[..., Any]
WARNING = 60  # seconds of it before somebody is signed out
GROUPS: dict[str, Any] = {
    "": "",
    "customers": _("Customers"),
    "billing": _("Billing"),
    "operation": _("Operation"),
    "access": _("Access"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the console that lists no model. `symbol` is a name of Material Symbols."""

    name: str
    route: str
    view: View
    title: str | Promise
    group: str
    symbol: str
    order: int = 100


class ConsoleSite(UnfoldAdminSite):
    site_url = None
    enable_nav_sidebar = True
    index_template = "console/index.html"

    def __init__(self) -> None:
        super().__init__("admin")
        self.pages: dict[str, Page] = {}

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        return staff_only(super().admin_view(view, cacheable))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Django's own, but for signing in and changing a password, which people do where everybody does."""
        urls: list[URLPattern | URLResolver] = [
            path("", self._view(self.index), name="index"),
            path("search/", self._view(self.search), name="search"),
            path("autocomplete/", self._view(self.autocomplete_view), name="autocomplete"),
            path("jsi18n/", self._view(JavaScriptCatalog.as_view(packages=["django.contrib.admin"])), name="jsi18n"),
            path("session/", self._view(self.session), name="session"),
            path("sign-out/", sign_out, name="logout"),
        ]
        urls += [path(page.route, self.admin_view(page.view), name=page.name) for page in self.pages.values()]
        for model, model_admin in self._registry.items():
            options = model._meta
            urls.append(path(f"{options.app_label}/{options.model_name}/", include(marked(model_admin.urls))))
        labels = "|".join(sorted({model._meta.app_label for model in self._registry}))
        return [*urls, re_path(rf"^(?P<app_label>{labels})/$", self._view(self.app_index), name="app_list")]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        extra = {"panels": panels.shown(timezone.now()), "title": _("Start"), **(extra_context or {})}
        return super().index(request, extra)

    def session(self, request: HttpRequest) -> HttpResponse:
        """For a page that is open: how long it stays so. Asking counts as use, but for `?idle=1`."""
        return JsonResponse({"seconds_left": seconds_left(request)})

    def _view(self, view: View) -> View:
        return methods("GET")(self.admin_view(view))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        # The lists are the sidebar's; Unfold's own would ask for every permission once more.
        # The colours are in console.css: a <style> in the page would need a wider policy.
        account = [{"title": _("My account"), "link": reverse("account_profile")}]
        idle = {"limit": settings.CONSOLE_IDLE_MINUTES * 60, "left": seconds_left(request) + 5, "warning": WARNING}
        own = {"colors": None, "idle": idle, "site_subheader": _("Console"), "account_links": account}
        return {**super().each_context(request), **own}

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Start page first, then each group's pages and lists in order."""
        found: dict[str, list[tuple[int, dict[str, Any]]]] = {group: [] for group in GROUPS}
        found[""].append((0, _item(request, _("Start"), reverse("admin:index"), "home")))
        for page in self.pages.values():
            found[page.group].append(
                (page.order, _item(request, page.title, reverse(f"admin:{page.name}"), page.symbol))
            )
        for model, model_admin in self._registry.items():
            if getattr(model_admin, "group", "") and model_admin.has_view_permission(request):
                options = model._meta
                address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
                item = _item(request, options.verbose_name_plural, address, model_admin.symbol)
                found[model_admin.group].append((model_admin.order, item))
        return [
            {"title": GROUPS[group], "items": [item for _order, item in sorted(items, key=lambda one: one[0])]}
            for group, items in found.items()
            if items
        ]


site = ConsoleSite()


def register(model: type[models.Model], *, name: Any = "", plural: Any = "") -> Callable[[Admin], Admin]:
    """Show a model's rows. Models that no other page shows have no words of their own; the console gives them some."""

    def decorate(admin: Admin) -> Admin:
        if name:
            model._meta.verbose_name = name
            model._meta.verbose_name_plural = plural
        # Crumbs and the search call an app by the group that its lists are in.
        apps.get_app_config(model._meta.app_label).verbose_name = GROUPS[admin.group]
        for one in (model, *(inline.model for inline in admin.inlines)):
            name_fields(one)
        site.register(model, admin)
        return admin

    return decorate


def add_page(page: Page) -> None:
    site.pages[page.name] = page


def discover() -> None:
    """Import every app's `admin` module, and the console's own: what they register is there when URLs are made."""
    import_module("shared_apps.console.admins")
    for config in apps.get_app_configs():
        ours = config.name.startswith(("shared_apps.", "billing."))
        if ours and config.name != "shared_apps.console" and find_spec(f"{config.name}.admin"):
            import_module(f"{config.name}.admin")


def marked(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """Django wraps a model's views around the guarded ones: the outer ones say as well whom they let in."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            marked(pattern.url_patterns)
        else:
            pattern.callback.required_permission = Staff  # type: ignore[attr-defined] # read by the checks
    return patterns


def _item(request: HttpRequest, title: str | Promise, address: str, symbol: str) -> dict[str, Any]:
    home = reverse("admin:index")
    active = request.path == address or (address != home and request.path.startswith(address))
    return {"title": capfirst(str(title)), "link": address, "icon": symbol, "active": active, "has_permission": True}
