"""Reports under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.reports.api import ReportRunViewSet, ReportViewSet

router = SimpleRouter(use_regex_path=False)
router.register("reports", ReportViewSet, basename="report")
router.register("report-runs", ReportRunViewSet, basename="report-run")

urlpatterns = router.urls
