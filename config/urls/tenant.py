"""An organization's own host."""

from django.urls import URLPattern, URLResolver, include, path

from shared_apps.organizations.language import language_change

handler400 = "shared_apps.web.errors.bad_request"
handler403 = "shared_apps.web.errors.forbidden"
handler404 = "shared_apps.web.errors.not_found"
handler500 = "shared_apps.web.errors.crashed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("config.urls.api")),
    path("bank/", include("tenant_apps.banking.page_urls")),
    path("calendar/", include("tenant_apps.scheduling.calendar.urls")),
    path("clients/", include("tenant_apps.clients.page_urls")),
    path("", include("tenant_apps.scheduling.page_urls")),
    path("finance/", include("tenant_apps.finance.statements.page_urls")),
    path("language/", language_change, name="language"),
    path("reports/", include("tenant_apps.reports.page_urls")),
    path("", include("tenant_apps.notifications.page_urls")),
    path("team/", include("tenant_apps.team.page_urls")),
    path("today/", include("tenant_apps.visits.today_urls")),
    path("visit-reports/", include("tenant_apps.visits.page_urls")),
    path("", include("tenant_apps.dashboard.page_urls")),
    path("", include("tenant_apps.finance.providers.page_urls")),
    path("", include("shared_apps.organizations.page_urls")),
    path("", include("shared_apps.organizations.pages.urls")),
    path("settings/billing/", include("billing.self_service.urls")),
    path("", include("tenant_apps.transfers.page_urls")),
    path("", include("tenant_apps.files.page_urls")),
    path("", include("tenant_apps.finance.page_urls")),
]
