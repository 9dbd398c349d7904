from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FinanceConfig(AppConfig):
    name = "tenant_apps.finance"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.organizations import figures
        from shared_apps.organizations.permissions import Permission
        from shared_apps.web import navigation
        from shared_apps.web.api.clashes import name_clash
        from shared_apps.web.navigation import Item
        from tenant_apps.clients import panels
        from tenant_apps.clients.panels import Panel
        from tenant_apps.finance import attachable, receivers  # noqa: F401 - connects them
        from tenant_apps.finance.errors import CategoryTaken
        from tenant_apps.finance.figures import received
        from tenant_apps.finance.providers import receivers as followers  # noqa: F401 - connects them
        from tenant_apps.finance.providers import tasks  # noqa: F401 - declares them

        name_clash("finance_category_once", field="name", code=CategoryTaken.code, message=CategoryTaken.message)
        navigation.register(
            Item(_("Finance"), "finance:list", icon="cash", permission="finance.view", order=40, needs="finance")
        )
        navigation.register(
            Item(
                _("Cash flow"),
                "statements:cash_flow",
                icon="chart-bar",
                permission="finance.view",
                order=42,
                needs="finance",
            )
        )
        navigation.register(
            Item(
                _("Receiving"),
                "finance:receiving",
                icon="qrcode",
                permission="finance.manage",
                group="settings",
                needs="finance",
            )
        )
        navigation.register(
            Item(
                _("Charges by Asaas"),
                "providers:account",
                icon="plug",
                permission="finance.manage",
                group="settings",
                needs="finance",
            )
        )
        attachable.register()
        figures.register("revenue", received)
        entitlements.guard("tenant_apps.finance", Feature.FINANCE)
        entitlements.stay_open("finance:export", "finance:payments_export")
        panels.register(Panel("finance:client_panel", permission=Permission.FINANCE_VIEW, order=40))
