"""/api/v1/ of an organization."""

from django.urls import URLPattern, URLResolver, include, path

from shared_apps.web.api.docs import DocsView, SchemaView

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/", include("shared_apps.organizations.urls")),
    path("domains/", include("shared_apps.organizations.domain_urls")),
    path("", include("tenant_apps.banking.urls")),
    path("", include("tenant_apps.reports.urls")),
    path("", include("tenant_apps.clients.urls")),
    path("", include("tenant_apps.files.urls")),
    path("", include("tenant_apps.finance.urls")),
    path("", include("tenant_apps.transfers.urls")),
    path("", include("tenant_apps.scheduling.urls")),
    path("", include("tenant_apps.notifications.urls")),
    path("", include("tenant_apps.dashboard.urls")),
    path("", include("tenant_apps.visits.urls")),
    path("", include("tenant_apps.finance.statements.urls")),
    path("schema/", SchemaView.as_view(urlconf="config.urls.tenant"), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
]
