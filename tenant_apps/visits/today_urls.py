"""/today/ on an organization's host: a professional's day. The worker's scope is this address and nothing beside it."""

from django.urls import path

from tenant_apps.visits.page_views import today

app_name = "today"
urlpatterns = [
    path("", today.day, name="day"),
    path("worker.js", today.worker, name="worker"),
    path("order/", today.order, name="order"),
    path("<uuid:pk>/report/", today.report, name="report"),
    path("<uuid:pk>/photos/", today.photo, name="photo"),
    path("<uuid:pk>/no-show/", today.no_show, name="no_show"),
]
