from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "tenant_apps.notifications"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.mail import services as mail
        from shared_apps.web.navigation import Item, register
        from tenant_apps.notifications import figures
        from tenant_apps.notifications.channels.email.adapter import TEMPLATE
        from tenant_apps.notifications.services.standing import address_of_mail

        mail.ask_before_sending(TEMPLATE, address_of_mail)
        entitlements.register(Feature.NOTIFICATIONS, figures.in_month)

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
