"""Colmeia's tenant models without Colmeia: the same tables and migrations, no receivers, no engine."""

from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "tenant_apps.clients"
    label = "clients"


class ActivityConfig(AppConfig):
    name = "tenant_apps.activity"
    label = "activity"


class TeamConfig(AppConfig):
    name = "tests.bench.vanilla.team"
    label = "team"
