"""The Celery application: `celery -A config.celery worker|beat`."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("colmeia")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def on_setup_logging(**_kwargs: Any) -> None:
    """Celery's lines like everybody's; that somebody listens to this signal keeps it from setting up its own."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
