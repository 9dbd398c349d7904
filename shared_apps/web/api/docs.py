"""The API's description, for anybody who can reach the host: it says nothing of the organization."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from shared_apps.web.access import Public

_READ = ["get", "head"]  # no OPTIONS: the page's renderer has no template for a description of itself


class SchemaView(SpectacularAPIView):
    permission = Public
    authentication_classes = []
    http_method_names = _READ


class DocsView(SpectacularSwaggerSplitView):
    """Its script has an address of its own and its page no inline style: the security policy allows neither."""

    template_name = "web/api_docs.html"
    permission = Public
    authentication_classes = []
    http_method_names = _READ
