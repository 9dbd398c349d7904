"""Being signed in on the platform's own host, which is Django's session and no organization's."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse

from shared_apps.web.access import Public
from shared_apps.web.errors import to_sign_in

View = TypeVar("View", bound=Callable[..., HttpResponse])


def signed_in_on_platform(view: View) -> View:
    """Anybody with an account. No organization's permission is asked for: nothing of an organization is shown."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.required_permission = Public  # type: ignore[attr-defined] # read by the checks
    return cast(View, guarded)
