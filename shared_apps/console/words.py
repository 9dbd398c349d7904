"""What fields are called in the console, where their model has no word for them: nobody else is shown those."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "action": _("action"),
    "address": _("network address"),
    "app": _("app"),
    "appointments": _("appointments this month"),
    "arguments": _("arguments"),
    "at": _("at"),
    "attempts": _("attempts"),
    "by": _("by"),
    "by_email": _("e-mail of who did it"),
    "cause": _("cause"),
    "checksum": _("checksum"),
    "claimed_until": _("taken until"),
    "clients": _("clients"),
    "created_at": _("created"),
    "date_joined": _("created"),
    "day": _("day"),
    "delete_after": _("to be deleted after"),
    "details": _("details"),
    "device": _("device"),
    "domain": _("domain"),
    "due_at": _("due"),
    "duration_ms": _("milliseconds"),
    "email": _("e-mail"),
    "error": _("error"),
    "failed_at": _("given up"),
    "finished_at": _("finished"),
    "from_status": _("from"),
    "head": _("migrations' fingerprint"),
    "how": _("how"),
    "is_active": _("active"),
    "is_demo": _("made-up data"),
    "is_primary": _("main address"),
    "is_staff": _("may open the console"),
    "is_superuser": _("may do everything in the console"),
    "job": _("job"),
    "kind": _("kind"),
    "last_login": _("last sign-in"),
    "lateness": _("late by"),
    "locale": _("language"),
    "losses": _("lost"),
    "members": _("members"),
    "migration": _("migration"),
    "name": _("name"),
    "next_try_at": _("next try"),
    "organization": _("organization"),
    "organization_id": _("organization"),
    "outcome": _("outcome"),
    "queued_at": _("promised"),
    "reason": _("reason"),
    "reply_to": _("answers go to"),
    "request_id": _("request"),
    "result": _("result"),
    "revenue": _("revenue this month"),
    "role": _("role"),
    "schema_bytes": _("size of the schema"),
    "schema_name": _("schema"),
    "send_at": _("sent next"),
    "sender_name": _("sender"),
    "sends": _("times sent"),
    "sent_at": _("sent"),
    "slot": _("run for"),
    "started_at": _("began"),
    "state": _("state"),
    "status": _("status"),
    "storage_bytes": _("files"),
    "subject": _("subject"),
    "subject_id": _("number"),
    "subject_name": _("what"),
    "template": _("template"),
    "to": _("to"),
    "to_status": _("to"),
    "updated_at": _("changed"),
    "user": _("person"),
    "verified_at": _("verified"),
}


def name_fields(model: type[models.Model]) -> None:
    """Give fields that are called like their column the word from above. Migrations do not see it."""
    for field in model._meta.concrete_fields:
        if field.verbose_name == field.name.replace("_", " ") and field.name in WORDS:
            field.verbose_name = WORDS[field.name]
