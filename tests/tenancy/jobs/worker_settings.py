"""Settings of the Celery workers that tests start: the test's own, and impatient."""

from config.settings.test import *  # noqa: F403
from config.settings.test import CELERY_BROKER_TRANSPORT_OPTIONS as OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS = {**OPTIONS, "visibility_timeout": 5, "unacked_restore_interval": 1}
