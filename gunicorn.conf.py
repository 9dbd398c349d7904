"""Read by gunicorn by itself: the lines of its main process look like everybody's (the workers set up Django's)."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")  # noqa: TID251 - an entry point, like config.wsgi

from django.conf import settings

logconfig_dict = settings.LOGGING
# gunicorn's own request line names the address and the query; WatchingMiddleware writes ours.
accesslog = None
