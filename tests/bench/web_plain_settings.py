"""The same application as a plain Django project: one schema, chosen by the connection, no tenancy in the request."""

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, INSTALLED_APPS, MIDDLEWARE

ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "django_tenants"]
DATABASE_ROUTERS: list[str] = []
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"]["options"] = "-c search_path=org_bench,public"
MIDDLEWARE = [
    "tests.bench.shims.OneOrganization" if name == "shared_apps.tenancy.middleware.SchemaMiddleware" else name
    for name in MIDDLEWARE
]
ROOT_URLCONF = "tests.bench.web_urls"
