"""Whether one more person may join. Whoever counts places (a storey above) registers how; without one all may."""

from __future__ import annotations

from collections.abc import Callable

from shared_apps.organizations.models import Organization

Check = Callable[[Organization], None]
_checks: list[Check] = []


def register(check: Check) -> None:
    """`check(organization)` raises a DomainError when there is no place; it is called in the transaction that joins."""
    _checks.append(check)


def check(organization: Organization) -> None:
    for one in _checks:
        one(organization)
