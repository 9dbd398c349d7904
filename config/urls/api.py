"""/api/v1/ of an organization."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("auth/", include("shared_apps.organizations.urls")),
]
