"""What staff did: every edit, and every action with its reason."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.contrib.admin.models import LogEntry
from django.utils.translation import gettext_lazy as _

from shared_apps.console import actions
from shared_apps.console.admins.base import ReadOnlyAdmin
from shared_apps.console.models import ConsoleAction
from shared_apps.console.site import register


@register(ConsoleAction)
class ConsoleActionAdmin(ReadOnlyAdmin):
    group, symbol, order = "access", "gavel", 30
    list_display = ("at", "by_email", "deed", "subject_name", "reason", "outcome")
    list_filter = ("action",)
    search_fields = ("by_email", "subject_name", "reason")
    date_hierarchy = "at"

    @display(description=_("action"), ordering="action")
    def deed(self, done: ConsoleAction) -> Any:
        """As its button is called; what has none is a command, and called as there."""
        found = actions.known(done.subject, done.action.partition(".")[2])
        return found.label if found is not None else done.action


@register(LogEntry, name=_("edit"), plural=_("edits"))
class LogEntryAdmin(ReadOnlyAdmin):
    group, symbol, order = "access", "history", 40
    list_display = ("action_time", "user", "content_type", "object_repr", "change_message")
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__email")
    date_hierarchy = "action_time"
