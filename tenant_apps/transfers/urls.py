"""Imports, and exports of clients, under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.transfers.api.exports import ClientExportViewSet
from tenant_apps.transfers.api.imports import AppointmentImportViewSet, ClientImportViewSet, EntryImportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("client-imports", ClientImportViewSet, basename="client-import")
router.register("appointment-imports", AppointmentImportViewSet, basename="appointment-import")
router.register("entry-imports", EntryImportViewSet, basename="entry-import")
router.register("client-exports", ClientExportViewSet, basename="client-export")

urlpatterns = router.urls
