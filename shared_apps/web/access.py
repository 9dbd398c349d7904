"""Markers for views that ask for no organization permission. Every URL names one of these, or a Permission."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Public:
    """Anybody may come in, signed in or not."""


class SignedIn:
    """Any active member of the organization may come in, whatever their role."""


def public(view: View) -> View:
    """Mark a function view that anybody may call."""
    view.required_permission = Public  # type: ignore[attr-defined]
    return view
