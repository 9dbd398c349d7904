from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "tenant_apps.notifications"

    def ready(self) -> None:
        from shared_apps.web.navigation import Item, register

        register(
            Item(
                _("Messages to clients"),
                "notifications:settings",
                icon="mail",
                permission="notifications.manage",
                group="settings",
            )
        )
        register(
            Item(
                _("WhatsApp and SMS"),
                "notifications:keys",
                icon="brand-whatsapp",
                permission="notifications.manage",
                group="settings",
            )
        )
