"""/notifications/ on an organization's host."""

from django.urls import path

from tenant_apps.notifications.page_views import consent

app_name = "notifications"
urlpatterns = [
    path("consent/<str:token>/", consent.consent, name="consent"),
]
