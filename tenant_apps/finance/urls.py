"""The money book's addresses under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenant_apps.finance.api.entries import EntryViewSet
from tenant_apps.finance.api.others import CategoryViewSet, PaymentViewSet, ReceivingView, RecurrenceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("entries", EntryViewSet, basename="entry")
router.register("payments", PaymentViewSet, basename="payment")
router.register("categories", CategoryViewSet, basename="category")
router.register("recurrences", RecurrenceViewSet, basename="recurrence")

urlpatterns = [*router.urls, path("receiving/", ReceivingView.as_view(), name="receiving")]
