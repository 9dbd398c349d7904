"""An organization's URLs, and beside them the same list the usual way: a ModelSerializer."""

from django.urls import URLPattern, URLResolver, include, path

from tests.bench.serializer_view import UsualClientList

urlpatterns: list[URLPattern | URLResolver] = [
    path("usual/clients/", UsualClientList.as_view()),
    path("", include("config.urls.tenant")),
]
