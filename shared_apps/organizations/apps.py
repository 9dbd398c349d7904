from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "shared_apps.organizations"

    def ready(self) -> None:
        from shared_apps.organizations import checks, receivers  # noqa: F401 - registers them
