from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "tenant_apps.scheduling"

    def ready(self) -> None:
        from shared_apps.web import navigation
        from shared_apps.web.navigation import Item

        navigation.register(Item(_("Calendar"), "calendar:page", icon="calendar", permission="schedule.view", order=10))
