"""The calendar's addresses under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from tenant_apps.scheduling.api.appointments import AppointmentViewSet
from tenant_apps.scheduling.api.contracts import ContractViewSet
from tenant_apps.scheduling.api.hours import DayOffViewSet, FreeSlotsView, PolicyView, WorkingHoursViewSet
from tenant_apps.scheduling.api.offerings import OfferingViewSet

router = SimpleRouter(use_regex_path=False)
router.register("offerings", OfferingViewSet, basename="offering")
router.register("appointments", AppointmentViewSet, basename="appointment")
router.register("contracts", ContractViewSet, basename="contract")
router.register("working-hours", WorkingHoursViewSet, basename="working-hours")
router.register("days-off", DayOffViewSet, basename="day-off")

urlpatterns = [
    *router.urls,
    path("free-slots/", FreeSlotsView.as_view(), name="free-slots"),
    path("schedule-policy/", PolicyView.as_view(), name="schedule-policy"),
]
