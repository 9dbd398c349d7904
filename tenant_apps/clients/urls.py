"""The client book's addresses under /api/v1/."""

from rest_framework.routers import SimpleRouter

from tenant_apps.clients.api.clients import ClientViewSet
from tenant_apps.clients.api.places import AssetViewSet, CustomFieldViewSet, PlaceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("clients", ClientViewSet, basename="client")
router.register("places", PlaceViewSet, basename="place")
router.register("assets", AssetViewSet, basename="asset")
router.register("custom-fields", CustomFieldViewSet, basename="custom-field")

urlpatterns = router.urls
