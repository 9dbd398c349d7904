from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "tenant_apps.transfers"

    def ready(self) -> None:
        from billing import entitlements

        pages = [f"transfers:{name}" for name in ("export", "export_detail", "export_progress", "export_file")]
        entitlements.stay_open(*pages)
