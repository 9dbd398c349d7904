"""Visit reports and log books under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.visits.api.log_books import LogBookViewSet
from tenant_apps.visits.api.reports import VisitReportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("visit-reports", VisitReportViewSet, basename="visit-report")
router.register("assets", LogBookViewSet, basename="asset-log")

urlpatterns = router.urls
