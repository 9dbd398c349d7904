"""The firm's own provider of charges, on an organization's host."""

from django.urls import path

from tenant_apps.finance.providers import views

app_name = "providers"
urlpatterns = [
    path("settings/asaas/", views.account_page, name="account"),
    path("settings/asaas/state/", views.account_state, name="account_state"),
    path("settings/asaas/removal/", views.account_remove, name="account_remove"),
    path("provider-charges/<uuid:pk>/", views.charge_panel, name="charge"),
    path("provider-charges/<uuid:pk>/issue/", views.charge_ask, name="charge_ask"),
    path("provider-charges/<uuid:pk>/removal/", views.charge_withdraw, name="charge_withdraw"),
    path("provider-charges/<uuid:pk>/settlement/", views.charge_settle, name="charge_settle"),
    path("webhooks/asaas-charges/<slug:path>/", views.hook, name="hook"),
]
