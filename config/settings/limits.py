"""How much is taken in at once, and for how long it is kept."""

from config.environment import env

# -- Imports and exports of clients -------------------------------------------------------------------------------
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", default=20 * 1024 * 1024)
IMPORT_MAX_UNPACKED_BYTES = env.int("IMPORT_MAX_UNPACKED_BYTES", default=200 * 1024 * 1024)  # of an .xlsx
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", default=50_000)
IMPORT_KEEP_DAYS = env.int("IMPORT_KEEP_DAYS", default=7)  # the uploaded file
IMPORT_UNDO_DAYS = env.int("IMPORT_UNDO_DAYS", default=30)
EXPORT_INLINE_ROWS = env.int("EXPORT_INLINE_ROWS", default=2000)  # an Excel file of more is made in the background
EXPORT_KEEP_DAYS = env.int("EXPORT_KEEP_DAYS", default=2)
