"""The money book's addresses under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenant_apps.finance.api.entries import EntryViewSet
from tenant_apps.finance.api.others import CategoryViewSet, PaymentViewSet, ReceivingView, RecurrenceViewSet
from tenant_apps.finance.providers.api import ProviderChargeView

router = SimpleRouter(use_regex_path=False)
router.register("entries", EntryViewSet, basename="entry")
router.register("payments", PaymentViewSet, basename="payment")
router.register("categories", CategoryViewSet, basename="category")
router.register("recurrences", RecurrenceViewSet, basename="recurrence")

urlpatterns = [
    *router.urls,
    path("receiving/", ReceivingView.as_view(), name="receiving"),
    path("entries/<uuid:pk>/provider-charge/", ProviderChargeView.as_view(), name="entry-provider-charge"),
]
