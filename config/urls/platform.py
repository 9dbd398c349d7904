"""The platform's own domain: site, sign-up and sign-in, the webhooks of payment gateways, the console."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from shared_apps.organizations.language import language_change
from shared_apps.organizations.pages.tls import tls_ask
from shared_apps.site.api import RegistrationView
from shared_apps.web.showcase import showcase

handler400 = "shared_apps.web.errors.bad_request"
handler403 = "shared_apps.web.errors.forbidden"
handler404 = "shared_apps.web.errors.not_found"
handler500 = "shared_apps.web.errors.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("language/", language_change, name="language"),
    path("tls/ask/", tls_ask, name="tls_ask"),
    path("webhooks/", include("billing.webhooks.urls")),
    path("api/v1/auth/registration/", RegistrationView.as_view(), name="registration"),
    path("console/", include("shared_apps.console.urls")),
    path("", include("shared_apps.site.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("_components/", showcase, name="showcase")]
