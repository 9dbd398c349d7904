"""Announcing changes to every process through Redis pub/sub. A convenience: without Redis, caches just expire."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from random import random
from threading import Lock, Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    import redis  # below, where it is used: 70 ms at the start of every command

logger = logging.getLogger(__name__)

TIMEOUT = 1.0  # seconds for connecting and publishing: nobody's request waits longer for an announcement
PROBE = 15.0  # seconds between signs of life on a silent subscription
BACK_OFF = (0.5, 30.0)  # seconds, first and longest


@dataclass(frozen=True, slots=True)
class Message:
    """Hosts and a schema about which what is cached is no longer true."""

    hosts: tuple[str, ...] = ()
    schema: str | None = None


Ear = Callable[[Message | None], None]

_lock = Lock()
_listening = False


def ring(message: Message | None) -> None:
    """Tell every listening process (None: drop everything). Never raises: caches also expire by themselves."""
    import redis

    try:
        _publisher(settings.REDIS_URL).publish(channel(), json.dumps(asdict(message) if message else None))
    except (redis.RedisError, OSError) as error:
        logger.warning("A change of routes could not be announced: %s", error)


def listen(ear: Ear) -> None:
    """Have one daemon thread in this process call `ear` with each message, and with None when some were missed."""
    global _listening
    if _listening:
        return
    with _lock:
        if not _listening:
            _listening = True
            Thread(target=_run, args=(ear, channel()), name="tenancy-routes", daemon=True).start()


def after_fork(then: Callable[[], None]) -> None:
    """In a forked child no thread listens yet; `then` drops what the parent cached."""

    def reset() -> None:
        global _listening, _lock
        _listening, _lock = False, Lock()
        then()

    os.register_at_fork(after_in_child=reset)


def channel() -> str:
    """Routes belong to a database: several may share one Redis."""
    return f"tenancy:routes:{connections['default'].settings_dict['NAME']}"


@lru_cache(maxsize=1)
def _publisher(url: str) -> redis.Redis:
    import redis

    return redis.from_url(url, socket_connect_timeout=TIMEOUT, socket_timeout=TIMEOUT)


def _run(ear: Ear, name: str) -> None:
    import redis

    wait, longest = BACK_OFF
    while True:
        started = monotonic()
        try:
            _subscribed(ear, name)
        except (redis.RedisError, OSError) as error:
            if wait == BACK_OFF[0]:
                logger.warning("Not listening to changes of routes: %s", error)
        except Exception:
            logger.exception("Listening to changes of routes failed")
        wait = BACK_OFF[0] if monotonic() - started > longest else min(longest, wait * 2)
        sleep(wait * (0.5 + random()))  # noqa: S311 - spreads the processes


def _subscribed(ear: Ear, name: str) -> None:
    """Listen until the connection breaks. Raises RedisError or OSError then."""
    import redis

    client = redis.from_url(settings.REDIS_URL, socket_connect_timeout=TIMEOUT, socket_timeout=PROBE)
    with client, client.pubsub() as subscription:  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
        subscription.subscribe(name)
        answered = True
        while True:
            heard = subscription.get_message(timeout=PROBE)
            if heard is None:
                if not answered:
                    raise redis.ConnectionError("the subscription is silent")
                subscription.ping()
                answered = False
                continue
            answered = True
            if heard["type"] == "subscribe":
                ear(None)  # what was announced before now was missed
            elif heard["type"] == "message":
                ear(parsed(heard["data"]))


def parsed(data: bytes) -> Message | None:
    """The message; None when everything is meant, or when it cannot be read (another release's, perhaps)."""
    try:
        found = json.loads(data)
        return Message(hosts=tuple(found["hosts"]), schema=found["schema"])
    except (ValueError, KeyError, TypeError):
        return None
