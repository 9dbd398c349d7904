from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardConfig(AppConfig):
    name = "tenant_apps.dashboard"

    def ready(self) -> None:
        from shared_apps.web import navigation
        from shared_apps.web.navigation import Item
        from tenant_apps.dashboard import receivers  # noqa: F401 - connects them

        navigation.register(Item(_("Dashboard"), "dashboard:home", icon="layout-dashboard", order=5))
