from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "tenant_apps.team"

    def ready(self) -> None:
        from tenant_apps.team import receivers  # noqa: F401 - connects them
