"""The statements' addresses under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.finance.statements.api import StatementViewSet

router = SimpleRouter(use_regex_path=False)
router.register("statements", StatementViewSet, basename="statement")

urlpatterns = router.urls
