"""django-tenants as its documentation sets it up. BENCH_CONN_MAX_AGE=600 is the one tuning everybody finds."""

import environ

from tests.bench.migrations_of import migration_modules

env = environ.Env()
SECRET_KEY = "benchmark"
DEBUG = False
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": environ.Env.db_url_config(env("DATABASE_URL"))}
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("BENCH_CONN_MAX_AGE", default=0)
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
SHARED_APPS = [
    "django_tenants",
    "tests.bench.vanilla.firms",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "rest_framework",
]
TENANT_APPS = [
    "tests.bench.vanilla.apps.ClientsConfig",
    "tests.bench.vanilla.apps.ActivityConfig",
    "tests.bench.vanilla.apps.TeamConfig",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "firms.Firm"
TENANT_DOMAIN_MODEL = "firms.Domain"
MIDDLEWARE = [
    "django_tenants.middleware.main.TenantMainMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "tests.bench.vanilla.urls"
MIGRATION_MODULES = {"team": "tenant_apps.team.migrations", **migration_modules()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
REST_FRAMEWORK = {"UNAUTHENTICATED_USER": None}
