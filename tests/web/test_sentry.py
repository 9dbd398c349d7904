"""Reports to Sentry, read from a transport of the test's own: where it happened, and nothing about anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sentry_sdk
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from config import sentry
from shared_apps.organizations.models import Organization
from shared_apps.tenancy import context, routing


class Postbox(Transport):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        if (event := envelope.get_event()) is not None:
            self.events.append(json.loads(json.dumps(event, default=str)))


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    postbox = Postbox()
    before = sentry_sdk.get_global_scope().client
    assert sentry.start("http://key@localhost/1", environment="test", transport=postbox)
    yield postbox
    sentry_sdk.get_client().close(timeout=0)
    sentry_sdk.get_global_scope().set_client(before)


def test_is_off_without_a_dsn() -> None:
    assert not sentry.start("", environment="test")
    assert not sentry_sdk.get_client().is_active()


def test_names_the_organization_and_the_request(postbox: Postbox, acme: Organization) -> None:
    route = routing.by_schema(acme.schema_name)
    assert route is not None
    with context.enter(route), structlog.contextvars.bound_contextvars(request_id="r-1", user_id="u-1"):
        sentry_sdk.capture_exception(ValueError("no"))
    (event,) = postbox.events
    assert event["tags"] == {
        "request_id": "r-1",
        "organization": "acme",
        "organization_id": str(acme.pk),
        "schema": "org_acme",
    }
    assert event["user"] == {"id": "u-1"}
    assert event["environment"] == "test"


def test_keeps_people_to_itself(postbox: Postbox, db: None) -> None:
    secrets = ["maria@exemplo.com", "529.982.247-25", "hunter2", "Maria Souza", "10.1.2.3", "s3ss10n"]
    with sentry_sdk.isolation_scope() as scope:
        scope.set_user({"id": "u-1", "email": secrets[0], "username": secrets[3], "ip_address": secrets[4]})
        scope.set_extra("form", {"name": secrets[3]})
        scope.set_context("client", {"document": secrets[1], "name": secrets[3]})
        scope.add_breadcrumb(message=f"looked up {secrets[0]}", data={"password": secrets[2]})
        scope.add_event_processor(
            lambda event, _hint: (
                event
                | {
                    "request": {
                        "url": f"http://acme.localhost/?email={secrets[0]}",
                        "query_string": f"name={secrets[3]}",
                        "data": {"name": secrets[3]},
                        "cookies": {"sessionid": secrets[5]},
                        "headers": {"Authorization": f"Bearer {secrets[2]}", "X-Real-Ip": secrets[4]},
                        "method": "POST",
                    }
                }
            )
        )
        try:
            name = secrets[3]  # a local variable of the frame
            raise ValueError(f"{secrets[0]} has no {secrets[1]}", len(name))
        except ValueError:
            sentry_sdk.capture_exception()
    (event,) = postbox.events
    # The source around a frame is ours to show; here it happens to hold the secrets.
    for frame in event["exception"]["values"][0]["stacktrace"]["frames"]:
        for part in ("pre_context", "context_line", "post_context"):
            frame.pop(part, None)
        assert "vars" not in frame
    text = json.dumps(event)
    assert [secret for secret in secrets if secret in text] == []
    assert event["request"] == {"method": "POST"}
    assert event["user"] == {"id": "u-1"}
