from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SchedulingConfig(AppConfig):
    name = "tenant_apps.scheduling"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.organizations.figures import register
        from shared_apps.organizations.permissions import Permission
        from shared_apps.web import navigation
        from shared_apps.web.api.clashes import name_clash
        from shared_apps.web.navigation import Item
        from tenant_apps.clients import panels
        from tenant_apps.clients.panels import Panel
        from tenant_apps.scheduling import (
            figures,
            receivers,  # noqa: F401 - connects them
            reminders,
            telling,
        )
        from tenant_apps.scheduling.errors import DoubleBooked
        from tenant_apps.scheduling.signals import appointment_changed, contract_changed

        view = Permission.SCHEDULE_VIEW
        navigation.register(Item(_("Calendar"), "calendar:page", icon="calendar", permission=view, order=10))
        navigation.register(Item(_("Contracts"), "scheduling:contracts", icon="repeat", permission=view, order=30))
        navigation.register(Item(_("Services"), "scheduling:offerings", icon="list-check", permission=view, order=35))
        navigation.register(
            Item(_("Working hours"), "scheduling:availability", icon="clock", permission=view, group="settings")
        )
        panels.register(Panel("scheduling:client_visits", view, order=10))
        panels.register(Panel("scheduling:client_contracts", view, order=20))
        name_clash(
            "scheduling_no_double_booking", field="starts_at", code=DoubleBooked.code, message=DoubleBooked.message
        )
        register("appointments", figures.visits)
        entitlements.register(Feature.APPOINTMENTS, figures.in_month)
        appointment_changed.connect(telling.tell_of_change)
        appointment_changed.connect(reminders.mark_change)
        contract_changed.connect(telling.tell_of_series)
        contract_changed.connect(reminders.mark_series)
