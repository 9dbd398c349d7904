"""The bank's addresses under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.banking.api import LineViewSet, StatementViewSet

router = SimpleRouter(use_regex_path=False)
router.register("bank-statements", StatementViewSet, basename="bank-statement")
router.register("bank-lines", LineViewSet, basename="bank-line")

urlpatterns = router.urls
