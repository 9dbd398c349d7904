"""The API's description, for anybody who can reach the host: it says nothing of the organization."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from shared_apps.web.access import Public


class SchemaView(SpectacularAPIView):
    permission = Public
    authentication_classes = []


class DocsView(SpectacularSwaggerView):
    permission = Public
    authentication_classes = []
