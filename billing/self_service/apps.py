from django.apps import AppConfig


class SelfServiceConfig(AppConfig):
    name = "billing.self_service"
