"""The sandbox's own addresses: an API for programs, pages for people."""

from __future__ import annotations

from django.urls import path

from billing.gateways.sandbox.server import api, pages
from billing.gateways.sandbox.server.api import endpoint

urlpatterns = [
    path("api/customers", endpoint(POST=api.customer_create)),
    path("api/checkouts", endpoint(POST=api.checkout_create)),
    path("api/checkouts/<slug:id>", endpoint(GET=api.checkout_show)),
    path("api/withdrawals", endpoint(POST=api.checkout_withdraw)),
    path("api/subscriptions", endpoint(GET=api.subscription_list)),
    path("api/subscriptions/<slug:id>", endpoint(GET=api.subscription_show)),
    path("api/subscriptions/<slug:id>/preview", endpoint(POST=api.subscription_preview)),
    path("api/subscriptions/<slug:id>/price", endpoint(POST=api.subscription_change)),
    path("api/subscriptions/<slug:id>/cancellation", endpoint(POST=api.subscription_cancel)),
    path("api/subscriptions/<slug:id>/resumption", endpoint(POST=api.subscription_resume)),
    path("api/subscriptions/<slug:id>/method", endpoint(POST=api.method_page_create)),
    path("api/invoices/<slug:id>/details", endpoint(GET=api.invoice_details)),
    path("api/invoices/<slug:id>/refund", endpoint(POST=api.invoice_refund)),
    path("api/clock", endpoint(GET=api.clock_show, POST=api.clock_move)),
    path("api/events", endpoint(GET=api.event_list)),
    path("api/delivery", endpoint(POST=api.delivery_set)),
    path("api/queue", endpoint(GET=api.queue_show)),
    path("", pages.panel),
    path("clock/", pages.clock),
    path("delivery/", pages.delivery_mode),
    path("events/<slug:id>/", pages.event_again),
    path("checkout/<slug:id>/", pages.checkout),
    path("invoices/<slug:id>/", pages.invoice),
    path("invoices/<slug:id>/receipt/", pages.receipt),
    path("invoices/<slug:id>/<slug:act>/", pages.invoice_act),
    path("method/<slug:id>/", pages.method),
]
