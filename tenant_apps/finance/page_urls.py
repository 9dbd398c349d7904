"""The pages of money on an organization's host."""

from django.urls import path

from tenant_apps.finance.page_views import charge

app_name = "finance"
urlpatterns = [
    path("pay/<str:token>/", charge.charge_page, name="charge"),
    path("pay/<str:token>/pdf/", charge.charge_paper, name="charge_paper"),
]
