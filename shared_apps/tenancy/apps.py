from django.apps import AppConfig


class TenancyConfig(AppConfig):
    name = "shared_apps.tenancy"
    default_auto_field = "django.db.models.BigAutoField"
