"""Production: no default for a secret or an address; a missing one stops the boot with its name."""

from config.environment import env

from .base import *  # noqa: F403
from .base import caches, database
from .billing import BILLING_GATEWAY
from .files import FILES

DEBUG = False
SECRET_KEY = env("SECRET_KEY")
PLATFORM_DOMAIN = env("PLATFORM_DOMAIN")
DATABASES = {"default": database(env("DATABASE_URL"))}
REDIS_URL = env("REDIS_URL")
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = REDIS_URL

vars().update(env.email_url("EMAIL_URL"))
# A provider's API instead of SMTP: its backend and keys are django-anymail's own settings.
if _backend := env("ANYMAIL_BACKEND", default=""):
    EMAIL_BACKEND = _backend
    ANYMAIL = env.json("ANYMAIL", default={})
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Colmeia <no-reply@{PLATFORM_DOMAIN}>")

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^tls/ask/$"]  # asked from inside, without TLS
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
# "__Host-": browsers take such a cookie only from this very host over HTTPS, so no sibling can plant one.
SESSION_COOKIE_NAME, PAGE_SESSION_COOKIE = "__Host-colmeia_platform", "__Host-colmeia_pages"
HAND_OVER_COOKIE = "__Host-colmeia_state"
STORAGES = {
    "default": FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# No money moves in the sandbox gateway: it exists only where it is asked for by name.
if BILLING_GATEWAY != "sandbox":
    SANDBOX_URL = SANDBOX_SECRET = ""
