"""Development: embedded servers unless told otherwise, plain HTTP on *.localhost."""

from config import embedded, logging
from config.environment import env
from shared_apps.web import policy

from .base import *  # noqa: F403
from .base import LOG_LEVEL, LOG_STREAM, PAYMENT_PAGES, PLATFORM_DOMAIN, caches, database

DEBUG = env.bool("DEBUG", default=True)
_port = env.int("PORT", default=8000)
ORGANIZATION_URL = f"http://{{host}}:{_port}"
# The payment provider of `make run`, on a port of its own.
BILLING_GATEWAY = env("BILLING_GATEWAY", default="sandbox")
SANDBOX_URL = env("SANDBOX_URL", default=f"http://localhost:{_port + 10}")
SANDBOX_SECRET = env("SANDBOX_SECRET", default="development-only-sandbox-secret")
SANDBOX_MOVES_CLOCK = env.bool("SANDBOX_MOVES_CLOCK", default=DEBUG)  # dunning is watched by moving its clock
CONTENT_SECURITY_POLICY = policy.of_site("http://{host}:*", PLATFORM_DOMAIN, *PAYMENT_PAGES, SANDBOX_URL)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # http://localhost
SECRET_KEY = env("SECRET_KEY", default="development-only-secret-key-that-protects-nothing")

_embedded = embedded.addresses()
DATABASES = {"default": database(env("DATABASE_URL", default=_embedded.database_url))}
REDIS_URL = env("REDIS_URL", default=_embedded.redis_url)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
LOG_FORMAT = env("LOG_FORMAT", default="console")
LOGGING = logging.configure(level=LOG_LEVEL, style=LOG_FORMAT, stream=LOG_STREAM)
vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
NOTIFICATIONS_CONSOLE = env.bool("NOTIFICATIONS_CONSOLE", default=True)
WHITENOISE_USE_FINDERS = True  # also with DEBUG=false: nobody collects static files here
