"""Feature flags: for a percentage of organizations, and for each one by name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from unfold.admin import TabularInline

from shared_apps.console import flags
from shared_apps.console.admins.base import ConsoleAdmin
from shared_apps.console.models import FeatureFlag, FlagChoice
from shared_apps.console.site import register


class ChoiceInline(TabularInline):
    model = FlagChoice
    fields = ("organization", "is_on")
    autocomplete_fields = ("organization",)
    extra = 0


@register(FeatureFlag)
class FeatureFlagAdmin(ConsoleAdmin):
    group, symbol, order = "operation", "flag", 60
    list_display = ("name", "percent", "note", "created_at")
    search_fields = ("name", "note")
    fields = ("name", "percent", "note")
    inlines = (ChoiceInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("console.delete_featureflag"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        flags.changed()

    def delete_model(self, request: HttpRequest, obj: FeatureFlag) -> None:
        super().delete_model(request, obj)
        flags.changed()
