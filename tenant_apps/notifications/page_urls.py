"""/notifications/ and /settings/notifications/ on an organization's host."""

from django.urls import path

from tenant_apps.notifications.page_views import bell, consent, keys, preferences, wording

app_name = "notifications"
urlpatterns = [
    path("notifications/", bell.told_list, name="list"),
    path("notifications/bell/", bell.bell, name="bell"),
    path("notifications/latest/", bell.latest, name="latest"),
    path("notifications/read/", bell.read_all, name="read_all"),
    path("notifications/<uuid:pk>/read/", bell.read, name="read"),
    path("notifications/preferences/", preferences.preferences, name="preferences"),
    path("notifications/consent/<str:token>/", consent.consent, name="consent"),
    path("notifications/unsubscribe/<str:token>/", consent.one_click, name="one_click"),
    path("settings/channels/", keys.keys, name="keys"),
    path("settings/channels/<str:channel>/", keys.keys_save, name="keys_save"),
    path("settings/channels/<str:channel>/check/", keys.keys_check, name="keys_check"),
    path("settings/channels/<str:channel>/state/", keys.keys_state, name="keys_state"),
    path("settings/channels/<str:channel>/removal/", keys.keys_remove, name="keys_remove"),
    path("settings/notifications/", wording.settings, name="settings"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/", wording.template, name="template"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/preview/", wording.preview, name="preview"),
    path("settings/notifications/<str:event>/<str:channel>/<str:locale>/removal/", wording.removal, name="removal"),
]
