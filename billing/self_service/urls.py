"""/settings/billing/ of an organization's host."""

from django.urls import path

from billing.self_service import buying, views

app_name = "billing"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("invoices/<uuid:pk>/", views.invoice, name="invoice"),
    path("invoices/<uuid:pk>/state/", views.invoice_state, name="invoice_state"),
    path("plans/", buying.plans, name="plans"),
    path("plans/<uuid:pk>/", buying.plan, name="plan"),
    path("checkouts/<uuid:pk>/", buying.checkout, name="checkout"),
    path("checkouts/<uuid:pk>/state/", buying.checkout_state, name="checkout_state"),
    path("change/undoing/", views.change_undoing, name="change_undoing"),
    path("cancellation/", views.cancellation, name="cancellation"),
    path("resumption/", views.resumption, name="resumption"),
    path("method/", views.method, name="method"),
    path("method/done/", views.method_done, name="method_done"),
]
