"""/api/v1/domains/"""

from django.urls import path

from shared_apps.organizations.api.domains import DomainViewSet

app_name = "domains"
urlpatterns = [
    path("", DomainViewSet.as_view({"get": "list", "post": "create"}), name="domains"),
    path("primary/", DomainViewSet.as_view({"post": "make_primary"}), name="primary"),
    path("<uuid:pk>/", DomainViewSet.as_view({"get": "retrieve", "delete": "destroy"}), name="domain"),
    path("<uuid:pk>/check/", DomainViewSet.as_view({"post": "check"}), name="check"),
]
