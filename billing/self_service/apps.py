from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelfServiceConfig(AppConfig):
    name = "billing.self_service"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from billing.self_service import access, places
        from shared_apps.organizations import admission
        from shared_apps.web import navigation

        entitlements.register(Feature.MEMBERS, places.taken)
        admission.register(places.require_place)
        navigation.leave_out(access.missing)
        navigation.register(
            navigation.Item(
                _("Plan"),
                "billing:overview",
                icon="credit-card",
                permission="billing.manage",
                group="settings",
                order=20,
            )
        )
