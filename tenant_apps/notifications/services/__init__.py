"""Telling people, each once. `notify()` is the door; the rest is what happens behind it."""

from tenant_apps.notifications.recipients import Recipient
from tenant_apps.notifications.services.delivering import RETRY, deliver, next_try, retry
from tenant_apps.notifications.services.keys import ask_again, check_keys, drop_keys, own_keys, save_keys
from tenant_apps.notifications.services.merging import merge_recipients
from tenant_apps.notifications.services.preferring import (
    consent_of,
    consents_of,
    set_consent,
    set_preferences,
    wanted_by,
)
from tenant_apps.notifications.services.reading import mark_all_read, mark_read
from tenant_apps.notifications.services.wording import drop_template, save_template
from tenant_apps.notifications.services.writing import Notice, forget, next_forgetting, notify, notify_all
from tenant_apps.notifications.values import Money, Times, Value

__all__ = [
    "RETRY",
    "Money",
    "Notice",
    "Recipient",
    "Times",
    "Value",
    "ask_again",
    "check_keys",
    "consent_of",
    "consents_of",
    "deliver",
    "drop_keys",
    "drop_template",
    "forget",
    "mark_all_read",
    "mark_read",
    "merge_recipients",
    "next_forgetting",
    "next_try",
    "notify",
    "notify_all",
    "own_keys",
    "retry",
    "save_keys",
    "save_template",
    "set_consent",
    "set_preferences",
    "wanted_by",
]
