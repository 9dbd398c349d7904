from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "billing.subscriptions"

    def ready(self) -> None:
        from billing.subscriptions import receivers  # noqa: F401 - connects them
