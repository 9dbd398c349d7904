from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankingConfig(AppConfig):
    name = "tenant_apps.banking"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.web import navigation
        from shared_apps.web.navigation import Item

        navigation.register(
            Item(_("Bank"), "banking:lines", icon="building-bank", permission="finance.view", order=45, needs="finance")
        )
        entitlements.guard("tenant_apps.banking", Feature.FINANCE)
