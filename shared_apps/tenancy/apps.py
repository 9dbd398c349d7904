from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules, import_string


class TenancyConfig(AppConfig):
    name = "shared_apps.tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_string(settings.TENANCY_CELERY_APP)  # or a web process would publish to Celery's own default broker
        autodiscover_modules("tasks")  # or `enqueue()` would not know their names
        from shared_apps.tenancy import checks  # noqa: F401 - registers them
        from shared_apps.tenancy.jobs import beat  # needs the models

        post_migrate.connect(beat.ensure_rows_after_migrate, sender=self)
