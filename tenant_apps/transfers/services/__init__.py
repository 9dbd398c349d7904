"""Everything that moves an import or an export on."""

from tenant_apps.transfers.services.expiry import expire, next_expiry
from tenant_apps.transfers.services.exports import Order, fill_export, order_export, stream_csv, xlsx_file
from tenant_apps.transfers.services.importing import run_import
from tenant_apps.transfers.services.progress import progress_of
from tenant_apps.transfers.services.steps import (
    begin_check,
    begin_run,
    begin_undo,
    can_undo,
    cancel,
    check_import,
    start_import,
)
from tenant_apps.transfers.services.undoing import undo_import

__all__ = [
    "Order",
    "begin_check",
    "begin_run",
    "begin_undo",
    "can_undo",
    "cancel",
    "check_import",
    "expire",
    "fill_export",
    "next_expiry",
    "order_export",
    "progress_of",
    "run_import",
    "start_import",
    "stream_csv",
    "undo_import",
    "xlsx_file",
]
