"""/notifications/ and /settings/notifications/ on an organization's host."""

from django.urls import path

from tenant_apps.notifications.page_views import bell, consent, preferences, wording

app_name = "notifications"
urlpatterns = [
    path("notifications/", bell.told_list, name="list"),
    path("notifications/bell/", bell.bell, name="bell"),
    path("notifications/latest/", bell.latest, name="latest"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("notifications/<uuid:pk>/read/", bell.read, name="read"),
    path("notifications/preferences/", preferences.preferences, name="preferences"),
    path("notifications/consent/<str:token>/", consent.consent, name="consent"),
    path("settings/notifications/", wording.settings, name="settings"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/", wording.template, name="template"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/preview/", wording.preview, name="preview"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/removal/", wording.removal, name="removal"),
]
