"""Error reports to Sentry, when SENTRY_DSN is set: tagged with the organization, without anybody's data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from shared_apps.core.privacy import scrub

if TYPE_CHECKING:  # settings import this module in every process, and most have no DSN
    from sentry_sdk.transport import Transport
    from sentry_sdk.types import Event, Hint

DEPTH = 14  # a frame lies six levels down
TAGS = ("request_id", "task_id", "job", "organization", "organization_id", "schema")


def start(dsn: str, *, environment: str, release: str = "", transport: Transport | None = None) -> bool:
    """Switch reporting on; without a DSN nothing happens. Says whether it is on.

    Sentry's `data_collection` stays unset, which means: no user, cookies, addresses or bodies (`send_default_pii` off).
    """
    if not dsn:
        return False
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        transport=transport,
        include_local_variables=False,  # a stack frame's variables are other people's data
        max_request_body_size="never",
        traces_sample_rate=0,
        before_send=before_send,
        before_breadcrumb=before_breadcrumb,
    )
    return True


def before_send(event: Event, _hint: Hint) -> Event | None:
    """Tag the event with where it happened and take out whatever a person typed or is."""
    from shared_apps.tenancy import context  # here: settings import this module before the apps exist

    bound = structlog.contextvars.get_contextvars()
    tags: dict[str, Any] = {name: bound[name] for name in TAGS if bound.get(name)}
    current = context.active_or_none()
    if current is not None:
        tags["schema"] = current.schema
        if current.route is not None:
            tags |= {"organization": current.route.slug, "organization_id": str(current.route.organization_id)}
    user_id = bound.get("user_id") or (event.get("user") or {}).get("id")
    request = event.get("request") or {}
    # Event is a TypedDict: a key in a variable, and the plain dict that is returned, are beyond what mypy can follow.
    kept = {name: event[name] for name in UNTOUCHED if name in event}  # type: ignore[literal-required]
    clean: dict[str, Any] = {**scrub({name: event[name] for name in event if name not in DROPPED}, depth=DEPTH), **kept}  # type: ignore[literal-required]
    clean["request"] = {name: request[name] for name in ("method",) if name in request}
    clean["user"] = {"id": str(user_id)} if user_id else {}
    clean["tags"] = {**(clean.get("tags") or {}), **tags}
    return clean  # type: ignore[return-value]


# Identifiers and numbers of Sentry's own, whose shape the scrubber could mistake.
UNTOUCHED = (
    "event_id", "timestamp", "start_timestamp", "platform", "level", "release", "environment", "sdk", "modules",
    "server_name", "type", "_meta", "dist", "transaction_info", "logger",
)  # fmt: skip
DROPPED = {"request", "user", "extra", "_meta", *UNTOUCHED}


def before_breadcrumb(crumb: dict[str, Any], _hint: Hint) -> dict[str, Any] | None:
    return scrub(crumb)
