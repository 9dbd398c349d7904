"""The settings of an organization, on its own host."""

from django.urls import path

from shared_apps.organizations.pages import brand, jobs, views

app_name = "settings"
urlpatterns = [
    path("logo/", brand.logo, name="brand_logo"),
    path("brand.css", brand.style, name="brand_style"),
    path("settings/firm/", views.firm, name="firm"),
    path("settings/firm/logo/", views.logo, name="logo"),
    path("settings/firm/logo/removal/", views.logo_removal, name="logo_removal"),
    path("settings/jobs/", jobs.jobs, name="jobs"),
    path("settings/security/", views.security, name="security"),
    path("settings/domains/", views.domain_list, name="domains"),
    path("settings/domains/primary/", views.domain_primary, name="domain_primary"),
    path("settings/domains/<uuid:pk>/check/", views.domain_check, name="domain_check"),
    path("settings/domains/<uuid:pk>/removal/", views.domain_removal, name="domain_removal"),
]
