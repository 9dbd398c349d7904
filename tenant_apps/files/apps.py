from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tenant_apps.files"

    def ready(self) -> None:
        from shared_apps.organizations.figures import register
        from tenant_apps.files.figures import bytes_stored

        register("storage_bytes", bytes_stored)
