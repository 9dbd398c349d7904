from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tenant_apps.files"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.organizations.figures import register
        from tenant_apps.files.figures import bytes_stored, in_use

        register("storage_bytes", bytes_stored)
        entitlements.register(Feature.STORAGE, in_use)
