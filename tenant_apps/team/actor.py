"""Who is acting in a request."""

from typing import cast

from django.http import HttpRequest
from rest_framework.request import Request

from tenant_apps.team.models import Member


def actor_of(request: HttpRequest | Request) -> Member:
    """The signed-in member. Only for views that name a permission: a Public one may have nobody."""
    return cast(Member, request.member)  # type: ignore[union-attr] # set by the sign-in
