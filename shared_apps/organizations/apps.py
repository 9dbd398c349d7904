from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationsConfig(AppConfig):
    name = "shared_apps.organizations"

    def ready(self) -> None:
        from shared_apps.organizations import checks, receivers  # noqa: F401 - registers them
        from shared_apps.web.navigation import Item, register

        manage = "organization.manage"
        register(Item(_("Firm"), "settings:firm", icon="building-store", permission=manage, group="settings", order=10))
        register(
            Item(_("Security"), "settings:security", icon="shield-lock", permission=manage, group="settings", order=80)
        )
        register(
            Item(_("Automatic tasks"), "settings:jobs", icon="clock", permission=manage, group="settings", order=95)
        )
        register(
            Item(_("Support access"), "settings:support", icon="eye", permission=manage, group="settings", order=97)
        )
        register(Item(_("Domains"), "settings:domains", icon="world", permission=manage, group="settings", order=90))
