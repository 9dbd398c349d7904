from django.apps import AppConfig


class ActivityConfig(AppConfig):
    name = "tenant_apps.activity"

    def ready(self) -> None:
        from tenant_apps.activity import receivers  # noqa: F401 - connects them
