"""Addresses of other apps' pages, as far as they are there."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.urls import Resolver404, resolve

NOBODY = "00000000-0000-7000-8000-000000000000"


@cache
def mounted(path: str) -> str:
    """The path, if some app answers at it; else nothing."""
    try:
        resolve(path, urlconf=settings.TENANT_URLCONF)
    except Resolver404:
        return ""
    return path


def page_of(prefix: str, pk: object) -> str:
    """ "/clients/<pk>/" for the prefix "/clients/"; nothing where there are no such pages."""
    return f"{prefix}{pk}/" if mounted(f"{prefix}{NOBODY}/") else ""
