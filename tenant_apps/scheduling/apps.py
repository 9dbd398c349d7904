from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "tenant_apps.scheduling"

    def ready(self) -> None:
        from shared_apps.web import navigation
        from shared_apps.web.api.clashes import name_clash
        from shared_apps.web.navigation import Item
        from tenant_apps.scheduling import receivers  # noqa: F401 - connects them
        from tenant_apps.scheduling.errors import DoubleBooked

        navigation.register(Item(_("Calendar"), "calendar:page", icon="calendar", permission="schedule.view", order=10))
        name_clash(
            "scheduling_no_double_booking", field="starts_at", code=DoubleBooked.code, message=DoubleBooked.message
        )
