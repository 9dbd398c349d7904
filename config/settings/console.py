"""The platform owner's console: its look, and after how long without use it signs out."""

from django.templatetags.static import static

from config.environment import env

CONSOLE_IDLE_MINUTES = env.int("CONSOLE_IDLE_MINUTES", default=30)
UNFOLD = {
    "SITE_TITLE": "Colmeia",
    "SITE_HEADER": "Colmeia",
    "SITE_URL": None,
    "SITE_SYMBOL": "hive",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("web/mark.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_HISTORY": False,  # edits are a list of their own
    "STYLES": [lambda request: static("console/console.css")],
    "SCRIPTS": [lambda request: static("console/console.js")],
    "SIDEBAR": {"show_search": False, "command_search": True, "show_all_applications": False},
}
