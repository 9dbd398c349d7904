"""What a browser sends to sign in and to stay in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from shared_apps.organizations.models import Organization
from tests.cast import PASSWORD

Browser = Callable[[Organization], APIClient]


def sign_in(client: APIClient, email: str, password: str = PASSWORD, **headers: Any) -> Any:
    return client.post("/api/v1/auth/login/", {"email": email, "password": password}, **headers)


def csrf(client: APIClient) -> dict[str, str]:
    return {"HTTP_X_CSRFTOKEN": client.cookies["csrftoken"].value}


def refresh(client: APIClient, **headers: Any) -> Any:
    return client.post("/api/v1/auth/refresh/", **(csrf(client) | headers))


def me(client: APIClient, access: str) -> Any:
    return client.get("/api/v1/auth/me/", HTTP_AUTHORIZATION=f"Bearer {access}")
