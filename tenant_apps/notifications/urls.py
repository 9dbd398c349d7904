"""Notifications under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenant_apps.notifications.api import NotificationViewSet, PreferenceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("notifications", NotificationViewSet, basename="notification")

urlpatterns = [
    *router.urls,
    path(
        "notification-preferences/",
        PreferenceViewSet.as_view({"get": "list", "put": "update"}),
        name="notification-preferences",
    ),
]
