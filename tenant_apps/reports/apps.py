from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "tenant_apps.reports"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.web import navigation
        from shared_apps.web.navigation import Item

        navigation.register(
            Item(
                _("Reports"),
                "reports:list",
                icon="report-analytics",
                permission="reports.view",
                order=60,
                needs="reports",
            )
        )
        entitlements.guard("tenant_apps.reports", Feature.REPORTS)
