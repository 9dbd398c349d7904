from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TeamConfig(AppConfig):
    name = "tenant_apps.team"

    def ready(self) -> None:
        from shared_apps.web import navigation
        from tenant_apps.team import receivers  # noqa: F401 - connects them

        navigation.register(
            navigation.Item(_("Team"), "team:team", icon="users-group", permission="team.view", order=80)
        )
