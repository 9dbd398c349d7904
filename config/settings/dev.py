"""Development: embedded servers unless told otherwise, plain HTTP on *.localhost."""

from config import embedded, logging
from shared_apps.web import policy

from .base import *  # noqa: F403
from .base import LOG_LEVEL, LOG_STREAM, PLATFORM_DOMAIN, caches, database, env

DEBUG = env.bool("DEBUG", default=True)
ORGANIZATION_URL = f"http://{{host}}:{env('PORT', default='8000')}"
CONTENT_SECURITY_POLICY = policy.of_site("http://{host}:*", PLATFORM_DOMAIN)
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
SANDBOX_MOVES_CLOCK = env.bool("SANDBOX_MOVES_CLOCK", default=DEBUG)  # dunning is watched by moving its clock
