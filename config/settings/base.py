"""Settings shared by every environment. This package alone reads the environment."""

from pathlib import Path

from config import logging, sentry
from config.environment import env
from config.messages import places
from config.settings.api import *  # noqa: F403 - settings are names
from config.settings.billing import *  # noqa: F403 - settings are names
from config.settings.billing import PAYMENT_PAGES
from config.settings.console import *  # noqa: F403 - settings are names
from config.settings.files import *  # noqa: F403 - settings are names
from config.settings.limits import *  # noqa: F403 - settings are names
from config.settings.notifications import *  # noqa: F403 - settings are names
from config.settings.sign_in import *  # noqa: F403 - settings are names
from config.settings.sign_in import GOOGLE_CLIENT_ID
from config.settings.tenancy import *  # noqa: F403 - settings are names
from config.settings.tenancy import ORGANIZATION_URL, PLATFORM_DOMAIN, TENANCY_PATH_MODE
from shared_apps.web import policy

BASE_DIR = Path(__file__).resolve().parents[2]

# -- Apps: two worlds ---------------------------------------------------------------------------------------------
# SHARED_APPS have their tables in the public schema, TENANT_APPS in every organization's own schema. No app is in both.
SHARED_APPS = [
    "shared_apps.tenancy",  # before django_tenants: our `migrate` replaces its own
    "django_tenants",
    "shared_apps.core",
    "shared_apps.web",
    "shared_apps.mail",
    "shared_apps.accounts",
    "shared_apps.organizations",
    "shared_apps.site",
    "shared_apps.console",  # before unfold: some templates are ours
    "billing.gateways",
    "billing.plans",
    "billing.subscriptions",
    "billing.invoices",
    "billing.webhooks",
    "billing.self_service",
    "billing.insight",
    "unfold.apps.BasicAppConfig",  # before admin, whose templates it replaces
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",  # allauth's list of security keys
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_structlog",
    "django_htmx",
    "csp",
]
# Signing in with Google is there when its keys are; without them its addresses do not exist.
if GOOGLE_CLIENT_ID:
    SHARED_APPS.append("allauth.socialaccount.providers.google")
TENANT_APPS = [
    "tenant_apps.dashboard",
    "tenant_apps.reports",
    "tenant_apps.transfers",
    "tenant_apps.banking",
    "tenant_apps.finance",
    "tenant_apps.visits",
    "tenant_apps.scheduling",
    "tenant_apps.clients",
    "tenant_apps.files",
    "tenant_apps.notifications",
    "tenant_apps.activity",
    "tenant_apps.team",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]

TENANT_MODEL = "organizations.Organization"
TENANT_DOMAIN_MODEL = "organizations.Domain"
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
TENANT_CREATION_FAKES_MIGRATIONS = False
SILENCED_SYSTEM_CHECKS: list[str] = []

# -- Database and Redis -------------------------------------------------------------------------------------------
DATABASE_POOL = env.bool("DATABASE_POOL", default=False)
CONN_MAX_AGE = env.int("CONN_MAX_AGE", default=600)


def database(url: str) -> dict:
    """Django's DATABASES entry for a URL, on the engine's backend."""
    config = env.db_url_config(url)
    config["ENGINE"] = "shared_apps.tenancy.backend"
    config["CONN_MAX_AGE"] = 0 if DATABASE_POOL else CONN_MAX_AGE
    config["CONN_HEALTH_CHECKS"] = True
    config["DISABLE_SERVER_SIDE_CURSORS"] = TENANCY_PATH_MODE == "transaction"
    options = config.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 5)  # seconds
    if DATABASE_POOL:
        options["pool"] = True
    if TENANCY_PATH_MODE == "transaction":
        options["prepare_threshold"] = None  # a transaction pooler hands each transaction to any backend
    return config


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def caches(redis_url: str) -> dict:
    """Django's CACHES: keys carry the organization (see `shared_apps.tenancy.cache`)."""
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_FUNCTION": "shared_apps.tenancy.cache.make_key",
            "REVERSE_KEY_FUNCTION": "shared_apps.tenancy.cache.reverse_key",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},  # seconds; a request must not hang on it
        }
    }


# -- Addresses -----------------------------------------------------------------------------------------------------
# Who knows the address of a CEP: "viacep", or empty for nobody (`tenant_apps.clients.cep`).
CEP_PROVIDER = env("CEP_PROVIDER", default="viacep")

# -- Charges by a firm's own provider ------------------------------------------------------------------------------
ASAAS_URL = env("ASAAS_URL", default="https://api.asaas.com/v3")
ASAAS_SANDBOX_URL = env("ASAAS_SANDBOX_URL", default="https://api-sandbox.asaas.com/v3")  # for keys of its sandbox

# -- HTTP ---------------------------------------------------------------------------------------------------------
ROOT_URLCONF = "config.urls.platform"
TENANT_URLCONF = "config.urls.tenant"
WSGI_APPLICATION = "config.wsgi.application"
# Any well-formed one: SchemaMiddleware lets in the platform's and those that a Domain row leads to an organization, so
# that an organization's own domain works from the moment it is proven.
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# How many proxies of ours stand in front: only what they append to X-Forwarded-For is believed. 0: none.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
APPEND_SLASH = True

MIDDLEWARE = [
    "shared_apps.web.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shared_apps.web.watching.WatchingMiddleware",
    "csp.middleware.CSPMiddleware",
    "shared_apps.web.middleware.ProblemMiddleware",
    "shared_apps.tenancy.middleware.SchemaMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shared_apps.web.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shared_apps.accounts.devices.DeviceMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "shared_apps.web.toasts.ToastMiddleware",
    "billing.self_service.access.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [("shared_apps.web.folding.Loader", ["django.template.loaders.app_directories.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shared_apps.web.context.page",
                "shared_apps.organizations.context.member",
                "billing.self_service.context.banner",
            ],
        },
    },
]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "shared_apps.web.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # an organization's host has no session table
CONTENT_SECURITY_POLICY = policy.of_site(ORGANIZATION_URL, PLATFORM_DOMAIN, *PAYMENT_PAGES)

# Asked whether a TXT record proves that a domain is an organization's own (dotted path of a Resolver's class).
DOMAIN_RESOLVER = "shared_apps.organizations.dns.PublicResolver"

# -- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
MEMBER_MODEL = "team.Member"  # a user in an organization, in that organization's own schema
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"Colmeia <no-reply@{PLATFORM_DOMAIN}>")
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/organizations/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "colmeia_platform"  # the platform's own host only
PAGE_SESSION_COOKIE = "colmeia_pages"  # each organization's host its own
HAND_OVER_COOKIE = "colmeia_state"
DEVICE_COOKIE = "colmeia_device"  # tells a known browser from a new one, on the platform's host
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
ACCESS_TOKEN_MINUTES = env.int("ACCESS_TOKEN_MINUTES", default=10)
REFRESH_TOKEN_DAYS = env.int("REFRESH_TOKEN_DAYS", default=14)
SIGN_IN_HISTORY_DAYS = env.int("SIGN_IN_HISTORY_DAYS", default=90)

# -- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português (Brasil)"), ("en", "English")]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
# First what packages say and we say otherwise; then our apps, or a package named before them would speak for them.
LOCALE_PATHS = [BASE_DIR / "locale", *(app / "locale" for app in places.apps())]
FORMAT_MODULE_PATH = ["shared_apps.core.languages"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds
PLATFORM_TIME_ZONE = env("PLATFORM_TIME_ZONE", default="America/Sao_Paulo")  # of pages that belong to no organization

# -- Celery -------------------------------------------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A message whose worker died is delivered again after this many seconds; no task may take longer.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.int("CELERY_VISIBILITY_TIMEOUT", default=3600),
    "unacked_restore_throttle": 1,  # look for such messages every 10 seconds, not every 100
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}
CELERY_TASK_SOFT_TIME_LIMIT = 1500
CELERY_TASK_TIME_LIMIT = 1800
CELERY_BEAT_SCHEDULER = "shared_apps.tenancy.jobs.beat:Scheduler"
DJANGO_CELERY_BEAT_TZ_AWARE = True

# -- Watching it --------------------------------------------------------------------------------------------------
SENTRY_DSN = env("SENTRY_DSN", default="")
SENTRY_ENVIRONMENT = env("SENTRY_ENVIRONMENT", default="production")
sentry.start(SENTRY_DSN, environment=SENTRY_ENVIRONMENT)
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOG_FORMAT = env("LOG_FORMAT", default="json")
LOG_STREAM = env("LOG_STREAM", default="stdout")  # manage.py says stderr: its standard output is the command's answer
LOGGING = logging.configure(level=LOG_LEVEL, style=LOG_FORMAT, stream=LOG_STREAM)
SLOW_REQUEST_MS = env.int("SLOW_REQUEST_MS", default=500)
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # a task's lines carry the id of the request that asked for it
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # logging.DEBUG: one line a request is enough
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20  # logging.INFO: a typing error of a person is no warning
