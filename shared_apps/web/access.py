"""Markers for views that ask for no organization permission. Every URL names one of these, or a Permission."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.views.decorators.http import require_http_methods

View = TypeVar("View", bound=Callable[..., Any])


class Public:
    """Anybody may come in, signed in or not."""


class SignedIn:
    """Any active member of the organization may come in, whatever their role."""


class Staff:
    """The platform's own staff, with a second step. Only the console lets in by it."""


def public(view: View) -> View:
    """Mark a function view that anybody may call."""
    view.required_permission = Public  # type: ignore[attr-defined]
    return view


def methods(*names: str) -> Callable[[View], View]:
    """Answer these HTTP methods only (GET brings HEAD with it), and say so: the isolation suite calls each."""

    def decorate(view: View) -> View:
        allowed = [*names, "HEAD"] if "GET" in names else list(names)
        guarded = require_http_methods(allowed)(view)
        guarded.allowed_methods = list(names)  # type: ignore[attr-defined] # read by the checks
        return guarded

    return decorate
