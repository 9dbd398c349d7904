"""What can be called: every URL pattern and method of a URL configuration, read from the resolver, never listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RoutePattern

from shared_apps.organizations.permissions import Permission, Public, SignedIn, Staff

HTTP = ("get", "post", "put", "patch", "delete")  # HEAD is GET; OPTIONS is tried on every route by a test of its own
Required = Permission | type[Public] | type[SignedIn] | type[Staff]


@dataclass(frozen=True)
class Endpoint:
    """One method of one route. `required` is None when the view names no permission for it."""

    method: str
    route: str
    arguments: tuple[str, ...]
    required: Required | None
    view: str

    def __str__(self) -> str:
        return f"{self.method.upper()} /{self.route}"

    @property
    def is_public(self) -> bool:
        return self.required is Public

    @property
    def is_page(self) -> bool:
        """Used by a browser with a cookie, not by a program with a token."""
        return not self.route.startswith("api/")

    @property
    def is_safe(self) -> bool:
        return self.method == "get"


def endpoints(urlconf: str) -> list[Endpoint]:
    """Every endpoint of a URL configuration, by its dotted path."""
    return list(walk(import_module(urlconf).urlpatterns))


def walk(patterns: list[URLPattern | URLResolver], prefix: str = "", given: tuple[str, ...] = ()) -> Iterator[Endpoint]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        arguments = given + tuple(_arguments(pattern))
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, route, arguments)
            continue
        for method, action in _methods(pattern.callback).items():
            yield Endpoint(
                method, route, arguments, _required(pattern.callback, method, action), _name(pattern.callback)
            )


def _arguments(pattern: URLPattern | URLResolver) -> list[str]:
    matcher: Any = pattern.pattern
    return list(matcher.converters) if isinstance(matcher, RoutePattern) else list(matcher.regex.groupindex)


def _methods(callback: Any) -> dict[str, str]:
    """HTTP method -> the name under which the view's `permissions` may hold it."""
    actions: dict[str, str] | None = getattr(callback, "actions", None)  # a viewset
    if actions is not None:
        return {method: action for method, action in actions.items() if method in HTTP}
    view = _class(callback)
    if view is not None:
        return {method: method for method in HTTP if method in view.http_method_names and hasattr(view, method)}
    allowed = getattr(callback, "allowed_methods", HTTP[:2])  # a function: GET and POST unless it says otherwise
    return {method.lower(): method.lower() for method in allowed}


def _required(callback: Any, method: str, action: str) -> Required | None:
    marked = getattr(callback, "required_permission", None)
    if marked is not None:
        return marked
    view = _class(callback)
    if view is None:
        return None
    given: dict[str, Any] = {**(getattr(callback, "initkwargs", {}) or {}), **getattr(callback, "view_initkwargs", {})}
    table: dict[str, Required] | None = given.get("permissions", getattr(view, "permissions", None))
    single: Required | None = given.get("permission", getattr(view, "permission", None))
    return single if table is None else table.get(action, single)


def _class(callback: Any) -> Any:
    return getattr(callback, "cls", None) or getattr(callback, "view_class", None)


def _name(callback: Any) -> str:
    view = _class(callback) or callback
    return f"{view.__module__}.{view.__qualname__}"
