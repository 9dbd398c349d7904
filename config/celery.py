"""The Celery application: `celery -A config worker|beat`.

A worker consumes every queue unless told otherwise: `celery` holds what people wait for, `jobs.0` and so on the visits
of periodic jobs, each to its own share of the organizations. Pin shares to workers (`-Q jobs.0,jobs.1`) to keep the
memory of their database connections small.
"""

import logging.config
import os
import sys
from typing import Any

import structlog
from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django.dispatch import receiver
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
app = Celery("colmeia")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()  # for threads too: Celery's idea of the current application is each thread's own
app.conf.task_queues = [
    Queue(name, Exchange(name), routing_key=name)  # each its own: two queues under one key would both get the message
    for name in ("celery", *(f"jobs.{share}" for share in range(settings.TENANCY_JOB_SHARES)))
]
# Celery would close the database connection before and after each task. Ours say themselves when theirs is used up.
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize
app.steps["worker"].add(DjangoStructLogInitStep)


@setup_logging.connect
def on_setup_logging(**_kwargs: Any) -> None:
    """Celery's lines like everybody's; that somebody listens to this signal keeps it from setting up its own."""
    logging.config.dictConfig(settings.LOGGING)


@receiver(bind_extra_task_metadata)
def on_task_metadata(task: Any, **_kwargs: Any) -> None:
    """The lines before a job has entered its organization, and after it came out, name it too; so do error reports."""
    envelope = (task.request.kwargs or {}).get("envelope") or {}
    known = {name: envelope[name] for name in ("schema", "organization_id") if envelope.get(name)}
    structlog.contextvars.bind_contextvars(job=task.name, **known)
