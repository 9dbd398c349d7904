"""A plain connection that sends a transaction's statements in one go: one network round trip, however many there are.

Below psycopg's cursors on purpose: with half a millisecond per schema, building a cursor per statement would cost more
than the statements do.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import pq

NOT_CONNECTION_PARAMETERS = {"cursor_factory", "context", "prepare_threshold", "server_side_binding", "pool"}


class Wire:
    """One connection of the fleet, replaced after it has touched TENANCY_SCHEMAS_PER_CONNECTION schemas."""

    def __init__(self) -> None:
        parameters = connection.get_connection_params()
        self._parameters: dict[str, Any] = {k: v for k, v in parameters.items() if k not in NOT_CONNECTION_PARAMETERS}
        self._connection: psycopg.Connection | None = None
        self._touched = 0

    def run(self, statements: Sequence[str], *, touches: int = 0) -> None:
        """Run one transaction, given whole (BEGIN and COMMIT are added). Raises psycopg.Error; then nothing was done.

        `touches` is the number of schemas in it.
        """
        if self._touched and self._touched + touches > settings.TENANCY_SCHEMAS_PER_CONNECTION:
            self.close()
        self._touched += touches
        if self._connection is None:
            self._connection = psycopg.connect(**self._parameters, autocommit=True, prepare_threshold=None)
        try:
            _pipeline(self._connection.pgconn, ["BEGIN", *statements, "COMMIT"])
        except BaseException:
            self._recover()
            raise

    def cancel(self) -> None:
        """Ask the server to stop what this connection is doing; called from another thread."""
        if self._connection is not None:
            self._connection.cancel_safe(timeout=2.0)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection, self._touched = None, 0

    def _recover(self) -> None:
        try:
            assert self._connection is not None  # noqa: S101 - run() has just made it
            self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self.close()


def _pipeline(wire: pq.abc.PGconn, statements: Sequence[str]) -> None:
    wire.enter_pipeline_mode()
    try:
        for statement in statements:
            wire.send_query_params(statement.encode(), None)
        wire.pipeline_sync()
        error = _drain(wire)
    finally:
        if wire.status == pq.ConnStatus.OK and wire.transaction_status != pq.TransactionStatus.ACTIVE:
            wire.exit_pipeline_mode()
    if error is not None:
        raise error


def _drain(wire: pq.abc.PGconn) -> psycopg.Error | None:
    """Send what is buffered, read every result up to the sync. Returns the first error."""
    poll = select.poll()
    poll.register(wire.socket, select.POLLIN | select.POLLOUT)
    while wire.flush():  # both ways at once: neither side may wait for the other to read
        if any(event & select.POLLIN for _, event in poll.poll()):
            wire.consume_input()
    poll.modify(wire.socket, select.POLLIN)
    error: psycopg.Error | None = None
    while True:
        while wire.is_busy():
            poll.poll()
            wire.consume_input()
        result = wire.get_result()
        if result is None:
            continue
        if result.status == pq.ExecStatus.PIPELINE_SYNC:
            return error
        if result.status == pq.ExecStatus.FATAL_ERROR and error is None:
            error = _error(result)


def _error(result: pq.abc.PGresult) -> psycopg.Error:
    state = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
    message = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or result.error_message or b"").decode()
    detail = (result.error_field(pq.DiagnosticField.MESSAGE_DETAIL) or b"").decode()
    try:
        kind: type[psycopg.Error] = psycopg.errors.lookup(state)
    except KeyError:
        kind = psycopg.OperationalError if state.startswith(("08", "57P")) or not state else psycopg.DatabaseError
    return kind(f"{message} ({detail})" if detail else message)
