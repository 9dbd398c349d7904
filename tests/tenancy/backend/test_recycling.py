"""The memory of a server process is bounded: a connection that touched too many schemas is closed between requests."""

from typing import Any

from django.core.signals import request_finished

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from tests.tenancy.backend.conftest import ONE, TWO, who


def test_closed_at_the_end_of_the_request(own: DatabaseWrapper, settings: Any) -> None:
    settings.TENANCY_SCHEMAS_PER_CONNECTION = 1
    for cell, closed in ((ONE, False), (ONE, False), (TWO, True), (TWO, False)):
        with context.enter(cell):
            assert who(own) == cell
        request_finished.send(sender=None)
        assert (own.connection is None) is closed


def test_public_counts_as_one_schema_among_them(own: DatabaseWrapper, settings: Any) -> None:
    settings.TENANCY_SCHEMAS_PER_CONNECTION = 2
    for work, closed in ((context.public(), False), (context.enter(ONE), False), (context.enter(TWO), True)):
        with work, own.cursor() as cursor:
            cursor.execute("SELECT 1")
        own.close_if_unusable_or_obsolete()
        assert (own.connection is None) is closed
