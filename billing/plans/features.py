"""What a plan can limit or allow. Code asks for a feature, never for a plan."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Feature(StrEnum):
    """Limits count something; the others are there or not. The values are stored: they are never renamed."""

    CLIENTS = "clients"
    APPOINTMENTS = "appointments"  # a month
    MEMBERS = "members"
    STORAGE = "storage"  # megabytes
    NOTIFICATIONS = "notifications"  # a month
    API = "api"
    CUSTOM_DOMAIN = "custom_domain"
    WHATSAPP = "whatsapp"
    FINANCE = "finance"  # modules
    REPORTS = "reports"

    @property
    def is_limit(self) -> bool:
        return self in LIMITS


LIMITS = frozenset(
    {Feature.CLIENTS, Feature.APPOINTMENTS, Feature.MEMBERS, Feature.STORAGE, Feature.NOTIFICATIONS},
)
# As a plan on sale says it, where that is not the label.
OFFERED = {
    Feature.APPOINTMENTS: _("Visits a month"),
    Feature.NOTIFICATIONS: _("Messages a month"),
}
LABELS = {
    Feature.CLIENTS: _("Clients"),
    Feature.APPOINTMENTS: _("Visits this month"),
    Feature.MEMBERS: _("People in the team"),
    Feature.STORAGE: _("Storage (MB)"),
    Feature.NOTIFICATIONS: _("Messages this month"),
    Feature.API: _("API"),
    Feature.CUSTOM_DOMAIN: _("Own domain"),
    Feature.WHATSAPP: _("WhatsApp"),
    Feature.FINANCE: _("Finance"),
    Feature.REPORTS: _("Reports"),
}
