from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "billing.insight"

    def ready(self) -> None:
        from billing.insight.figures import count_day
        from shared_apps.console import figures

        figures.register("billing", count_day)
