"""Signing in and out, and what says nothing of anybody."""

from __future__ import annotations

from tests.cast import PASSWORD
from tests.isolation.rows.base import Row, with_refresh_cookie

ROWS: dict[str, Row] = {
    "POST /api/v1/auth/login/": Row(
        body=lambda _world, user: {"email": user.email, "password": PASSWORD}, changes=False
    ),
    "POST /api/v1/auth/refresh/": Row(prepare=with_refresh_cookie, changes=False),
    "POST /api/v1/auth/logout/": Row(prepare=with_refresh_cookie, changes=False, as_stranger=(204, 403)),
    # The description of the API is the same for every organization.
    "GET /api/v1/schema/": Row(shows=False),
    "GET /api/v1/docs/": Row(shows=False),
    # Pages. They lead to the platform, which knows no organization until it has seen who is asking.
    "GET /": Row(answers=(302,), shows=False),
    "GET /sign-in/": Row(answers=(302,), shows=False),
    "GET /enter/": Row(answers=(403,), as_stranger=(403,), shows=False),
    # An invitation of its own leads on to the platform; anything else is gone, whoever asks.
    "GET /invitations/": Row(answers=(410,), as_stranger=(410,), shows=False),
    "POST /sign-out/": Row(answers=(302,), as_stranger=(302,), changes=False),
    "POST /language/": Row(body=lambda *_: {"language": "en"}, answers=(302,), as_stranger=(302,), changes=False),
    "GET /session/": Row(shows=False),
    "POST /session/": Row(as_stranger=(401,), changes=False),
}
