"""`celery -A tests.bench.ours_celery worker`: Colmeia's application with the comparison's job."""

import django

django.setup()

from config.celery import app  # noqa: E402 - tasks need the apps
from tests.bench import ours_jobs  # noqa: E402, F401

__all__ = ["app"]
