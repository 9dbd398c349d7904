from django.apps import AppConfig


class FirmsConfig(AppConfig):
    name = "tests.bench.vanilla.firms"
    label = "firms"
