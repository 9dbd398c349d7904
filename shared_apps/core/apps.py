from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "shared_apps.core"
