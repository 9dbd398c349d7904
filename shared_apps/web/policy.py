"""The Content-Security-Policy of every answer: nothing but ourselves, no inline script, no inline style."""

from __future__ import annotations

from typing import Any


def directives(form_targets: list[str]) -> dict[str, Any]:
    """django-csp's DIRECTIVES. `form_targets`: where a form's answer may lead beside the page's own host."""
    return {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *form_targets],
    }
