"""Writing down who did what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from shared_apps.core import bulk
from tenant_apps.activity.models import Activity
from tenant_apps.team.models import Member

MASK = "***"
_SECRET = ("password", "secret", "token", "api_key")


def record(
    actor: Member | None,
    verb: str,
    subject: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Activity:
    """Keep that `actor` (None: the system) did `verb` to `subject`. Of `before` and `after` only what differs is kept.

    Call it in the transaction of the change. Values may be anything Django can serialize; secrets are masked by name.
    """
    made = noted(actor, verb, subject, before=before, after=after)
    made.save(force_insert=True)
    return made


def record_all(entries: Iterable[Activity]) -> None:
    """Keep many at once, as `noted` made them, in few statements however many they are."""
    bulk.insert(list(entries))


def noted(
    actor: Member | None,
    verb: str,
    subject: models.Model,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> Activity:
    """What `record` keeps, not kept yet."""
    old, new = differences(before or {}, after or {})
    return Activity(
        actor=actor,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_label=str(subject)[:200],
        before=old,
        after=new,
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entries of both sides that the other does not have, as plain JSON values."""
    old, new = _plain(before), _plain(after)
    return (
        {key: value for key, value in old.items() if key not in new or new[key] != value},
        {key: value for key, value in new.items() if key not in old or old[key] != value},
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(values), cls=DjangoJSONEncoder))
    return {key: MASK if any(part in key.lower() for part in _SECRET) else value for key, value in plain.items()}


def move(source: models.Model, target: models.Model) -> int:
    """The history of one thing becomes another's of its kind, because the two are one now. Returns how many entries."""
    found = Activity.objects.filter(subject_type=source._meta.label_lower, subject_id=source.pk)
    return found.update(subject_id=target.pk)
