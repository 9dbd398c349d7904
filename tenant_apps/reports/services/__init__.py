"""Reports as files, at once or in the background, and those that go out every month."""

from tenant_apps.reports.services.expiry import expire, next_expiry
from tenant_apps.reports.services.files import Order, csv_stream, write_file
from tenant_apps.reports.services.monthly import next_sending, send_due, subscribe, unsubscribe
from tenant_apps.reports.services.runs import fill_run, may_read, order_run, progress_of

__all__ = [
    "Order",
    "csv_stream",
    "expire",
    "fill_run",
    "may_read",
    "next_expiry",
    "next_sending",
    "order_run",
    "progress_of",
    "send_due",
    "subscribe",
    "unsubscribe",
    "write_file",
]
