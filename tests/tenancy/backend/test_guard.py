"""The path is right for each statement, whatever happened on the connection before."""

from collections.abc import Callable
from contextlib import suppress

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError, transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.backend.base import DatabaseWrapper
from tests.tenancy.backend import bouncer
from tests.tenancy.backend.conftest import ONE, TWO, Who, plain, who


def both_are_themselves(wrapper: DatabaseWrapper) -> None:
    for cell in (ONE, TWO):
        with context.enter(cell):
            assert who(wrapper) == cell
            assert Who.objects.using(wrapper.alias).get().name == cell
            context.assert_path(wrapper.alias)


def test_each_reads_its_own(own: DatabaseWrapper) -> None:
    both_are_themselves(own)
    both_are_themselves(own)


def test_a_cursor_follows_the_context_between_its_statements(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        cursor = own.cursor()
    for cell in (TWO, ONE):
        with context.enter(cell):
            cursor.execute("SELECT name FROM who")
            assert cursor.fetchall() == [(cell,)]


def test_each_way_of_running_a_statement(own: DatabaseWrapper) -> None:
    for cell in (ONE, TWO):
        with context.enter(cell), own.cursor() as cursor:
            cursor.executemany("INSERT INTO note VALUES (%s)", [["a"], ["b"]])
            with cursor.copy("COPY note FROM STDIN") as copy:
                copy.write("c\n")
            assert list(cursor.stream("SELECT name FROM who")) == [(cell,)]
            with cursor.copy("COPY who TO STDOUT") as copy:
                assert b"".join(copy) == cell.encode() + b"\n"
            cursor.execute("DELETE FROM note")
            assert cursor.rowcount == 3
            assert [row.name for row in Who.objects.using(own.alias).iterator(chunk_size=1)] == [cell]


def test_a_server_side_cursor_reads_where_it_is_executed(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias):
        with context.enter(ONE):
            cursor = own.chunked_cursor()
        with context.enter(TWO), cursor:
            cursor.execute("SELECT name FROM who")
            with context.enter(ONE):
                assert cursor.fetchall() == [(TWO,)]


def test_savepoint_rollback_after_a_switch(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias):
        with context.enter(ONE):
            assert who(own) == ONE
        with suppress(LookupError), transaction.atomic(using=own.alias), context.enter(TWO):
            assert who(own) == TWO
            raise LookupError
        with context.enter(TWO):
            assert who(own) == TWO


def test_savepoint_rollback_after_a_database_error(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias), context.enter(ONE):
        assert who(own) == ONE
        with context.enter(TWO):
            with pytest.raises(IntegrityError), transaction.atomic(using=own.alias):
                Who.objects.using(own.alias).create(name=TWO)
            assert who(own) == TWO
        assert who(own) == ONE


def test_savepoint_rollback_by_hand(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias), context.enter(ONE), own.cursor() as cursor:
        assert who(own) == ONE
        cursor.execute("SAVEPOINT by_hand")
        with context.enter(TWO):
            assert who(own) == TWO
            cursor.execute("ROLLBACK TO SAVEPOINT by_hand")
            assert who(own) == TWO
        assert who(own) == ONE


def test_savepoint_rollback_by_hand_out_of_an_error(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias), context.enter(ONE), own.cursor() as cursor:
        cursor.execute("SAVEPOINT by_hand")
        with context.enter(TWO):
            assert who(own) == TWO
            with pytest.raises(DatabaseError, match="division by zero"):
                cursor.execute("SELECT 1/0")
        cursor.execute("ROLLBACK TO SAVEPOINT by_hand")
        assert who(own) == ONE


def test_rollback_after_a_switch(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    with context.enter(TWO):
        with suppress(LookupError), transaction.atomic(using=own.alias):
            assert who(own) == TWO
            raise LookupError
        assert who(own) == TWO


def test_commit_keeps_what_was_set(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    with context.enter(TWO):
        with transaction.atomic(using=own.alias), transaction.atomic(using=own.alias):
            assert who(own) == TWO
        assert who(own) == TWO
    both_are_themselves(own)


def test_a_commit_that_fails_is_a_rollback(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    with context.enter(TWO):
        with pytest.raises(IntegrityError), transaction.atomic(using=own.alias), own.cursor() as cursor:
            cursor.execute("INSERT INTO checked VALUES ('nobody')")  # checked when the transaction commits
        assert who(own) == TWO


def test_a_commit_by_hand_that_fails(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    transaction.set_autocommit(False, using=own.alias)
    with context.enter(TWO):
        with own.cursor() as cursor:
            cursor.execute("INSERT INTO checked VALUES ('nobody')")
        with pytest.raises(IntegrityError):
            own.commit()
        assert who(own) == TWO
        own.rollback()
    transaction.set_autocommit(True, using=own.alias)


def test_a_commit_of_an_aborted_transaction_is_a_rollback_that_nobody_announces(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    with context.enter(TWO):
        with transaction.atomic(using=own.alias), own.cursor() as cursor:
            with pytest.raises(DatabaseError):
                cursor.execute("SELECT 1/0")
            own.needs_rollback = False  # Django leaves atomic() with COMMIT
        assert who(own) == TWO


def test_an_aborted_transaction_says_so_itself(own: DatabaseWrapper) -> None:
    with transaction.atomic(using=own.alias):
        with context.enter(ONE), own.cursor() as cursor:
            assert who(own) == ONE
            with pytest.raises(DatabaseError):
                cursor.execute("SELECT 1/0")
        with context.enter(TWO), pytest.raises(DatabaseError, match="current transaction is aborted"):
            who(own)
        transaction.set_rollback(True, using=own.alias)
    both_are_themselves(own)


def test_without_autocommit(own: DatabaseWrapper) -> None:
    transaction.set_autocommit(False, using=own.alias)

    def past_the_engine(using: str) -> None:
        own.connection.commit()

    for end in (transaction.rollback, transaction.commit, past_the_engine, transaction.rollback):
        for cell in (ONE, TWO):
            with context.enter(cell):
                assert who(own) == cell
                end(using=own.alias)
                assert who(own) == cell
    transaction.rollback(using=own.alias)
    transaction.set_autocommit(True, using=own.alias)


def test_close_and_reconnect(own: DatabaseWrapper) -> None:
    for cell in (ONE, ONE, TWO):
        with context.enter(cell):
            assert who(own) == cell
            own.close()
            assert who(own) == cell


def test_a_connection_that_was_let_go(own: DatabaseWrapper) -> None:
    """As after a fork: the parent's connection is not closed, but not used either."""
    with context.enter(ONE):
        assert who(own) == ONE
        parent, own.connection = own.connection, None
        assert who(own) == ONE
        parent.close()


def test_a_connection_that_was_terminated_is_raised_and_replaced(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
    if own.settings_dict["PORT"] == bouncer.PORT:
        pytest.skip("PgBouncer takes another connection before anybody notices")
    with plain() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [own.connection.info.backend_pid])
    with context.enter(TWO):
        with pytest.raises(OperationalError):
            who(own)
        own.close_if_unusable_or_obsolete()  # what each request starts with
        assert who(own) == TWO


def test_a_cursor_does_not_outlive_its_connection(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        cursor = own.cursor()
        own.close()
        assert who(own) == ONE
        with pytest.raises(InterfaceError, match="was closed or given back"):
            cursor.execute("SELECT name FROM who")


MEDDLING = [
    f"SET search_path = {TWO}",
    f"SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; SET SEARCH_PATH TO {TWO}",
    "RESET search_path",
    "RESET ALL",
    "DISCARD ALL",
    f"SELECT set_config('search_path', '{TWO}', false)",
    f"DO $$ BEGIN PERFORM set_config('search_path', '{TWO}', false); END $$",
    f"SELECT 1; SET search_path = {TWO}",
]


@pytest.mark.parametrize("statement", MEDDLING)
def test_a_path_changed_by_hand_is_noticed(own: DatabaseWrapper, statement: str) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
        with own.cursor() as cursor:
            if own.path_is_local and statement == "DISCARD ALL":
                pytest.skip("DISCARD ALL cannot run inside a transaction")
            cursor.execute(statement)
        assert who(own) == ONE
        context.assert_path(own.alias)


def test_a_path_changed_by_hand_in_what_then_failed(own: DatabaseWrapper) -> None:
    with context.enter(ONE):
        assert who(own) == ONE
        with pytest.raises(DatabaseError, match="division by zero"), own.cursor() as cursor:
            cursor.execute(f"SET search_path = {TWO}; COMMIT; SELECT 1/0")
        assert who(own) == ONE


def test_assert_path_tells_a_lie_apart(connect: Callable[..., DatabaseWrapper]) -> None:
    wrapper = connect(PATH_REPORTS=False)
    with context.enter(ONE):
        assert who(wrapper) == ONE
        wrapper.connection.execute(f"SET search_path = {TWO}")  # psycopg itself: past the engine
        with pytest.raises(context.WrongPath, match=TWO):
            context.assert_path(wrapper.alias)


def test_postgresql_18_tells_even_what_was_done_past_the_engine(connect: Callable[..., DatabaseWrapper]) -> None:
    wrapper = connect()
    with context.enter(ONE):
        assert who(wrapper) == ONE
        if not wrapper.path_is_reported:
            pytest.skip("PostgreSQL before 18 does not report search_path")
        wrapper.connection.execute(f"SET search_path = {TWO}")
        assert who(wrapper) == ONE
        with suppress(psycopg.errors.DivisionByZero), wrapper.connection.transaction():
            wrapper.connection.execute(f"SET search_path = {TWO}")
            assert who(wrapper) == ONE
            wrapper.connection.execute("SELECT 1/0")
        assert who(wrapper) == ONE
