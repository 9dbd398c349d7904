"""The settings of an organization, on its own host."""

from django.urls import path

from shared_apps.organizations.pages import brand, jobs, support, views

app_name = "settings"
urlpatterns = [
    path("logo/", brand.logo, name="brand_logo"),
    path("brand.css", brand.style, name="brand_style"),
    path("settings/firm/", views.firm, name="firm"),
    path("settings/firm/logo/", views.logo, name="logo"),
    path("settings/firm/logo/removal/", views.logo_removal, name="logo_removal"),
    path("settings/jobs/", jobs.jobs, name="jobs"),
    path("settings/security/", views.security, name="security"),
    path("settings/support/", support.support_access, name="support"),
    path("settings/support/emergencies/", support.support_emergencies, name="support_emergencies"),
    path("settings/support/<uuid:pk>/grant/", support.support_grant, name="support_grant"),
    path("settings/support/<uuid:pk>/refusal/", support.support_refusal, name="support_refusal"),
    path("settings/support/<uuid:pk>/end/", support.support_end, name="support_end"),
    path("settings/domains/", views.domain_list, name="domains"),
    path("settings/domains/primary/", views.domain_primary, name="domain_primary"),
    path("settings/domains/<uuid:pk>/check/", views.domain_check, name="domain_check"),
    path("settings/domains/<uuid:pk>/removal/", views.domain_removal, name="domain_removal"),
]
