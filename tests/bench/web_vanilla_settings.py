"""The same application on plain django-tenants: its backend, its middleware, its look-up of the host in the database.

BENCH_CONN_MAX_AGE=600 gives it persistent connections, which its documentation does not mention.
"""

import environ

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, MIDDLEWARE

env = environ.Env()
ALLOWED_HOSTS = ["*"]
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("BENCH_CONN_MAX_AGE", default=0)
_at = MIDDLEWARE.index("shared_apps.tenancy.middleware.SchemaMiddleware")
MIDDLEWARE = [
    *MIDDLEWARE[:_at],
    "django_tenants.middleware.main.TenantMainMiddleware",
    "tests.bench.shims.TenantAsRoute",
    *MIDDLEWARE[_at + 1 :],
]
ROOT_URLCONF = "tests.bench.web_urls"
PUBLIC_SCHEMA_URLCONF = "tests.bench.web_urls"
