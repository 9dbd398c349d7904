"""/api/v1/dashboard/"""

from django.urls import path

from tenant_apps.dashboard.api import DashboardView

urlpatterns = [path("dashboard/", DashboardView.as_view(), name="dashboard")]
