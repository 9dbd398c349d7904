from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_delete, post_migrate
from django.utils.module_loading import autodiscover_modules, import_string
from django_tenants.signals import tenant_delete_callback


class TenancyConfig(AppConfig):
    name = "shared_apps.tenancy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # For its sake every delete of every model would read its rows first. It drops the schema of a tenant with
        # `auto_drop_schema`; ours have none of that.
        post_delete.disconnect(tenant_delete_callback)
        import_string(settings.TENANCY_CELERY_APP)  # or a web process would publish to Celery's own default broker
        autodiscover_modules("tasks")  # or `enqueue()` would not know their names
        from shared_apps.tenancy import checks  # noqa: F401 - registers them
        from shared_apps.tenancy.jobs import beat  # needs the models

        post_migrate.connect(beat.ensure_rows_after_migrate, sender=self)
