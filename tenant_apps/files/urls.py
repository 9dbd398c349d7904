"""Attachments under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.files.api import AttachmentViewSet

router = SimpleRouter(use_regex_path=False)
router.register("attachments", AttachmentViewSet, basename="attachment")

urlpatterns = router.urls
