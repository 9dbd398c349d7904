"""Tests: servers of their own (see tests/servers.py), fast password hashes, nothing outside loopback."""

from config import embedded, logging
from config.environment import env

from .base import *  # noqa: F403
from .base import caches, database
from .files import files

DEBUG = False
LANGUAGE_CODE = "en"  # a test asserts what the code says; tests/web/test_languages.py asks for Portuguese
SECRET_KEY = "test-only-secret-key-that-protects-nothing-at-all"  # noqa: S105
_embedded = embedded.addresses()
DATABASES = {"default": database(env("DATABASE_URL", default=_embedded.database_url))}
REDIS_URL = env("REDIS_URL", default=_embedded.redis_url)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DOMAIN_RESOLVER = "shared_apps.organizations.dns.NoResolver"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOG_LEVEL = "WARNING"
LOGGING = logging.configure(level=LOG_LEVEL, style="console", stream="stderr")
TENANCY_POOL_SIZE = 1
STORAGES = {
    "default": files("django.core.files.storage.InMemoryStorage"),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CEP_PROVIDER = ""  # no network
