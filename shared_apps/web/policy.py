"""The Content-Security-Policy of every answer: nothing but ourselves, no inline script, no inline style."""

from __future__ import annotations

from typing import Any

# An empty <style>, which says nothing: FullCalendar makes one and writes its rules into it by script.
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def directives(form_targets: list[str]) -> dict[str, Any]:
    """django-csp's DIRECTIVES. `form_targets`: where a form's answer may lead beside the page's own host."""
    return {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", EMPTY_STYLE],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *form_targets],
    }


def of_site(url: str, domain: str, *elsewhere: str) -> dict[str, Any]:
    """django-csp's setting for a platform on this domain. `url` is how a host is written, as "https://{host}";
    `elsewhere`: origins of others where a form may lead, such as the page of a payment provider."""
    ours = [url.format(host=host) for host in (domain, f"*.{domain}")]
    return {"DIRECTIVES": directives([*ours, *(origin for origin in elsewhere if origin)])}
