"""Tables in files: CSV in whatever encoding and XLSX, read row by row as text, and written."""

from tenant_apps.transfers.sheets.detecting import Reading, detect, has_header, header_and_skip
from tenant_apps.transfers.sheets.reading import filled, rows

__all__ = ["Reading", "detect", "filled", "has_header", "header_and_skip", "rows"]
