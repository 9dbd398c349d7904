"""Imports and exports of clients under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.transfers.api import ClientExportViewSet, ClientImportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("client-imports", ClientImportViewSet, basename="client-import")
router.register("client-exports", ClientExportViewSet, basename="client-export")

urlpatterns = router.urls
