"""The pages of money on an organization's host."""

from django.urls import path

from tenant_apps.finance.page_views import charge, detail, editing, lists, panel, payments, settings

app_name = "finance"
urlpatterns = [
    path("entries/", lists.entry_list, name="list"),
    path("entries/export/", lists.entry_export, name="export"),
    path("entries/payments/", lists.pay_many, name="pay_many"),
    path("entries/payments/<uuid:pk>/reversal/", detail.payment_reverse, name="reverse"),
    path("entries/payments/<uuid:pk>/receipt/", detail.receipt_pdf, name="receipt"),
    path("entries/clients/", lists.client_search, name="client_search"),
    path("entries/clients/<uuid:pk>/", panel.client_panel, name="client_panel"),
    path("entries/new/", editing.entry_new, name="new"),
    path("entries/instalments/", editing.instalments, name="instalments"),
    path("entries/<uuid:pk>/", detail.entry_detail, name="detail"),
    path("entries/<uuid:pk>/edit/", editing.entry_edit, name="edit"),
    path("entries/<uuid:pk>/payment/", detail.entry_pay, name="pay"),
    path("entries/<uuid:pk>/cancellation/", detail.entry_cancel, name="cancel"),
    path("entries/<uuid:pk>/restoration/", detail.entry_restore, name="restore"),
    path("entries/<uuid:pk>/removal/", detail.entry_remove, name="remove"),
    path("entries/<uuid:pk>/link/", detail.link_make, name="link"),
    path("entries/<uuid:pk>/links/removal/", detail.links_revoke, name="links_revoke"),
    path("entries/<uuid:pk>/charge/", detail.charge_pdf, name="charge_pdf"),
    path("payments/", payments.payment_list, name="payments"),
    path("payments/export/", payments.payment_export, name="payments_export"),
    path("recurrences/", settings.recurrence_list, name="recurrences"),
    path("recurrences/new/", settings.recurrence_new, name="recurrence_new"),
    path("recurrences/<uuid:pk>/", settings.recurrence_edit, name="recurrence"),
    path("recurrences/<uuid:pk>/removal/", settings.recurrence_remove, name="recurrence_remove"),
    path("settings/receiving/", settings.receiving, name="receiving"),
    path("settings/receiving/categories/", settings.category_add, name="category_add"),
    path("settings/receiving/categories/<uuid:pk>/use/", settings.category_use, name="category_use"),
    path("pay/<str:token>/", charge.charge_page, name="charge"),
    path("pay/<str:token>/pdf/", charge.charge_paper, name="charge_paper"),
]
