"""Portuguese has Django's own dates, but for moments in lists, which are to fit on a line and not to be broken."""

DATETIME_FORMAT = "d/m/Y\u00a0H:i"
