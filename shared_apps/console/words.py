"""What fields are called in the console, where their model has no word for them: nobody else is shown those."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib.admin import AllValuesFieldListFilter, ChoicesFieldListFilter, display
from django.db import models
from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "about": _("about"),
    "access_until": _("paid until"),
    "action": _("action"),
    "address": _("network address"),
    "amount": _("amount"),
    "app": _("app"),
    "appointments": _("appointments this month"),
    "arguments": _("arguments"),
    "at": _("at"),
    "attempts": _("attempts"),
    "by": _("by"),
    "by_email": _("e-mail of who did it"),
    "cancel_at": _("ends on request"),
    "cancel_reason": _("why it ends"),
    "cause": _("cause"),
    "checksum": _("checksum"),
    "claimed_until": _("taken until"),
    "clients": _("clients"),
    "code": _("code"),
    "coupon": _("coupon"),
    "created_at": _("created"),
    "currency": _("currency"),
    "date_joined": _("created"),
    "day": _("day"),
    "decided_by": _("decided by"),
    "delete_after": _("to be deleted after"),
    "details": _("details"),
    "device": _("device"),
    "domain": _("domain"),
    "done_at": _("done"),
    "due_at": _("due"),
    "dunning_started_at": _("money missing since"),
    "duration_ms": _("milliseconds"),
    "effect": _("effect"),
    "email": _("e-mail"),
    "ended_at": _("ended"),
    "ended_by": _("ended by"),
    "error": _("error"),
    "event_id": _("the gateway's id"),
    "external_id": _("the gateway's id"),
    "failed_at": _("given up"),
    "finished_at": _("finished"),
    "found_at": _("found"),
    "former_name": _("former name"),
    "from_status": _("from"),
    "gateway": _("gateway"),
    "gateway_state": _("the gateway says"),
    "gateway_status": _("the gateway's word"),
    "gone_at": _("gone"),
    "happened_at": _("happened"),
    "has_method": _("way to pay stored"),
    "head": _("migrations' fingerprint"),
    "how": _("how"),
    "interval": _("interval"),
    "is_active": _("active"),
    "is_credit": _("too much"),
    "is_demo": _("made-up data"),
    "is_new_device": _("new device"),
    "is_primary": _("main address"),
    "is_staff": _("may open the console"),
    "is_superuser": _("may do everything in the console"),
    "issued_at": _("issued"),
    "job": _("job"),
    "kind": _("kind"),
    "last_login": _("last sign-in"),
    "lateness": _("late by"),
    "locale": _("language"),
    "losses": _("lost"),
    "members": _("members"),
    "method": _("method"),
    "migration": _("migration"),
    "name": _("name"),
    "next_price": _("next price"),
    "next_price_asked_at": _("next price asked for on"),
    "next_price_at": _("next price from"),
    "next_price_due": _("due before the next price"),
    "next_seats": _("next seats"),
    "next_try_at": _("next try"),
    "number": _("number"),
    "organization": _("organization"),
    "organization_id": _("organization"),
    "outcome": _("outcome"),
    "page_url": _("page"),
    "paid": _("paid"),
    "paid_at": _("paid on"),
    "path": _("path"),
    "payload": _("payload"),
    "pdf_url": _("PDF"),
    "period_ends_at": _("period ends"),
    "period_starts_at": _("period begins"),
    "plan": _("plan"),
    "price": _("price"),
    "queued_at": _("promised"),
    "reason": _("reason"),
    "receipt_url": _("receipt"),
    "received_at": _("arrived"),
    "refunded": _("refunded"),
    "replaces": _("replaces"),
    "reply_to": _("answers go to"),
    "request_id": _("request"),
    "result": _("result"),
    "retired_at": _("not sold since"),
    "revenue": _("revenue this month"),
    "role": _("role"),
    "schema_bytes": _("size of the schema"),
    "schema_name": _("schema"),
    "seats": _("seats"),
    "seen_at": _("last seen"),
    "send_at": _("sent next"),
    "sender_name": _("sender"),
    "sends": _("times sent"),
    "sent_at": _("sent"),
    "settled_at": _("settled"),
    "slot": _("run for"),
    "staff": _("staff"),
    "staff_email": _("e-mail of who asked"),
    "started_at": _("began"),
    "state": _("state"),
    "status": _("status"),
    "step": _("step"),
    "storage_bytes": _("files"),
    "subject": _("subject"),
    "subject_id": _("number"),
    "subject_name": _("what"),
    "subscription": _("subscription"),
    "suspended_reason": _("why it is suspended"),
    "synced_at": _("fetched"),
    "template": _("template"),
    "to": _("to"),
    "to_status": _("to"),
    "trial_ends_at": _("trial ends"),
    "updated_at": _("changed"),
    "user": _("person"),
    "verified_at": _("verified"),
    "was_refused": _("was refused"),
    "what": _("what"),
}


# What the engine's rows are and how they stand; its own choices have no words for people.
CHOICES: dict[str, Any] = {
    "building": _("being set up"),
    "done": _("done"),
    "dropped": _("left out"),
    "dropping": _("being removed"),
    "failed": _("failed"),
    "migrating": _("being migrated"),
    "organization": _("organization"),
    "pending": _("waiting"),
    "pool": _("warm pool"),
    "ready": _("ready"),
    "running": _("running"),
    "sending": _("being sent"),
    "sent": _("sent"),
    "skipped": _("skipped"),
    "started": _("begun"),
    "template": _("template"),
    "trash": _("to be removed"),
}


def choice(value: str) -> Any:
    return CHOICES.get(value, value)


def told(field: str, said: Mapping[str, Any] = CHOICES) -> Callable[[Any], Any]:
    """A column, or a field of a page, that says a field's values in these words; what has none is shown as it is."""

    @display(description=WORDS.get(field, field), ordering=field)
    def value(row: Any) -> Any:
        stored = getattr(row, field)
        return said.get(stored, stored)

    value.__name__ = f"{field}_in_words"
    return value


def narrowed(field: str, said: Mapping[str, Any] = CHOICES) -> tuple[str, type]:
    """A filter of a list by a field that has choices, in these words."""
    return field, type("InWords", (_InWords, ChoicesFieldListFilter), {"said": said})


def narrowed_by_value(field: str, said: Mapping[str, Any]) -> tuple[str, type]:
    """The same by whatever values there are."""
    return field, type("InWords", (_InWords, AllValuesFieldListFilter), {"said": said})


class _InWords:
    said: Mapping[str, Any]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        for one in super().choices(changelist):  # type: ignore[misc] # of the filter beside it
            yield {**one, "display": self.said.get(str(one["display"]).lower(), one["display"])}


def name_fields(model: type[models.Model]) -> None:
    """Give fields that are called like their column the word from above. Migrations do not see it."""
    for field in model._meta.concrete_fields:
        if field.verbose_name == field.name.replace("_", " ") and field.name in WORDS:
            field.verbose_name = WORDS[field.name]
