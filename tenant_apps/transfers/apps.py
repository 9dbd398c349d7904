from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "tenant_apps.transfers"
