"""Changes announced through Redis, processes that fork, and Redis away."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any

import pytest
import redis

from shared_apps.tenancy import routing
from shared_apps.tenancy.routing import bell
from shared_apps.tenancy.routing.bell import Message


@pytest.fixture
def heard(db: None) -> Iterator[Queue[Message | None]]:
    """What a listener of the test's own hears."""
    queue: Queue[Message | None] = Queue()
    over = Event()

    def ear(message: Message | None) -> None:
        if over.is_set():
            sys.exit()  # ends the thread
        queue.put(message)

    def listen() -> None:
        with suppress(SystemExit):
            bell._run(ear, channel)

    channel = bell.channel()
    thread = Thread(target=listen, daemon=True)
    thread.start()
    yield queue
    over.set()
    bell.ring(Message())
    thread.join(timeout=5)


def test_a_message_reaches_who_listens(heard: Queue[Message | None]) -> None:
    assert heard.get(timeout=5) is None  # subscribed: whatever was announced before may have been missed
    routing.forget(hosts=["acme.localhost"], schema="org_acme")  # inside the test's transaction: not announced yet
    with pytest.raises(Empty):
        heard.get(timeout=0.2)
    bell.ring(Message(("acme.localhost",), "org_acme"))
    assert heard.get(timeout=5) == Message(("acme.localhost",), "org_acme")


def test_announced_after_the_commit(
    heard: Queue[Message | None], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    assert heard.get(timeout=5) is None
    with django_capture_on_commit_callbacks(execute=True):
        routing.forget(schema="org_globex")
    assert heard.get(timeout=5) == Message((), "org_globex")


def test_what_cannot_be_read_drops_everything(heard: Queue[Message | None], settings: Any) -> None:
    heard.get(timeout=5)
    redis.from_url(settings.REDIS_URL).publish(bell.channel(), b"\xff not json")
    assert heard.get(timeout=5) is None


def test_redis_away_breaks_nothing(db: None, settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    bell.ring(Message(("acme.localhost",)))


def test_redis_hanging_breaks_nothing(db: None, settings: Any) -> None:
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(Path(directory) / "redis"))
        deaf.listen()
        settings.REDIS_URL = f"unix://{directory}/redis"
        started = time.monotonic()
        bell.ring(Message(("acme.localhost",)))
        assert time.monotonic() - started < 10


def cut_subscriptions(there: redis.Redis) -> None:
    """Those of this test process, which has a Redis database of its own; another's listen to the same server."""
    own = str(there.get_connection_kwargs().get("db", 0))
    for subscriber in there.client_list(_type="pubsub"):
        if subscriber["db"] == own:
            there.client_kill_filter(_id=subscriber["id"])


def test_the_listener_returns_when_redis_does(heard: Queue[Message | None], settings: Any) -> None:
    assert heard.get(timeout=5) is None
    there = redis.from_url(settings.REDIS_URL)
    for _ in range(2):
        cut_subscriptions(there)  # it comes back, and what it missed is dropped
        assert heard.get(timeout=10) is None
    bell.ring(Message(schema="org_acme"))
    assert heard.get(timeout=5) == Message(schema="org_acme")


def test_a_forked_child_starts_with_nothing_and_listens_itself(db: None) -> None:
    routing._unknown.put("nobody.localhost", None, 60)
    bell.listen(routing._heard)
    child = os.fork()
    if child == 0:
        fresh = isinstance(routing.cached_by_host("nobody.localhost"), routing.Missing) and not bell._listening
        os._exit(0 if fresh else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert bell._listening
