"""An import from upload to end, on acme: tasks run at once, as a worker would right after the commit."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from shared_apps.accounts.models import User
from shared_apps.organizations.models import Organization
from tenant_apps.team.models import Member
from tenant_apps.transfers import services
from tenant_apps.transfers.models import Import


@pytest.fixture
def owner(inside: Organization, alice: User) -> Member:
    return Member.objects.get(user_id=alice.pk)


@pytest.fixture
def checked(owner: Member) -> Callable[..., Import]:
    """`checked(text_or_bytes)`: uploaded, its columns as suggested, and checked."""

    def go(content: str | bytes, *, duplicates: str = "skip", name: str = "clients.csv", **columns: str) -> Import:
        data = content.encode() if isinstance(content, str) else content
        source = services.start_import(io.BytesIO(data), name=name, actor=owner)
        mapping = {**source.mapping, **{number.lstrip("c"): key for number, key in columns.items()}}
        services.begin_check(
            source, mapping=mapping, has_header=source.reading["has_header"], duplicates=duplicates, actor=owner
        )
        services.check_import(source.pk)
        source.refresh_from_db()
        return source

    return go


@pytest.fixture
def imported(checked: Callable[..., Import], owner: Member) -> Callable[..., Import]:
    """`imported(text_or_bytes)`: all the way in."""

    def go(content: str | bytes, **options: Any) -> Import:
        source = checked(content, **options)
        services.begin_run(source, actor=owner)
        services.run_import(source.pk)
        source.refresh_from_db()
        return source

    return go


def xlsx(*rows: list[Any]) -> bytes:
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()
