"""Telling people, each once. `notify()` is the door; the rest is what happens behind it."""

from tenant_apps.notifications.recipients import Recipient
from tenant_apps.notifications.services.delivering import RETRY, deliver, next_try, retry
from tenant_apps.notifications.services.preferring import consent_of, set_consent, set_preferences
from tenant_apps.notifications.services.writing import Notice, notify, notify_all
from tenant_apps.notifications.values import Money, Value

__all__ = [
    "RETRY",
    "Money",
    "Notice",
    "Recipient",
    "Value",
    "consent_of",
    "deliver",
    "next_try",
    "notify",
    "notify_all",
    "retry",
    "set_consent",
    "set_preferences",
]
