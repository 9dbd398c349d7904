"""/ on an organization's host."""

from django.urls import path

from tenant_apps.dashboard import page_views

app_name = "dashboard"
urlpatterns = [path("", page_views.home, name="home")]
