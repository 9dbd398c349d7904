"""A small cache in the process: bounded, each entry with its own life, safe between threads."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Missing(Enum):
    """Not cached, as opposed to cached as None."""

    MISSING = "missing"


MISSING = Missing.MISSING


class Cache(Generic[Key, Value]):
    """At most `limit` entries; the one put longest ago leaves first. Reading takes no lock."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.generation = 0  # counts the drops: who reads the database meanwhile must not put back what he read
        self._entries: dict[Key, tuple[float, Value]] = {}
        self._lock = Lock()
        self._tokens, self._filled_at = 0.0, 0.0

    def get(self, key: Key) -> Value | Missing:
        entry = self._entries.get(key)
        return entry[1] if entry is not None and entry[0] > monotonic() else MISSING

    def has_seen(self, key: Key) -> bool:
        """Whether the key is here, be it expired."""
        return key in self._entries

    def put(self, key: Key, value: Value, seconds: float) -> None:
        with self._lock:
            self._entries.pop(key, None)
            while len(self._entries) >= self.limit:
                del self._entries[next(iter(self._entries))]
            self._entries[key] = (monotonic() + seconds, value)
            self._tokens -= 1

    def drop(self, key: Key) -> None:
        with self._lock:
            self.generation += 1
            self._entries.pop(key, None)

    def expire(self) -> None:
        """Believe nothing any more, but remember which keys were here (see has_seen)."""
        self.expire_where(lambda key, value: True)

    def expire_where(self, condition: Callable[[Key, Value], bool]) -> None:
        with self._lock:
            self.generation += 1
            for key, (_, value) in list(self._entries.items()):
                if condition(key, value):
                    self._entries[key] = (0.0, value)

    def clear(self) -> None:
        with self._lock:
            self.generation += 1
            self._entries = {}
            self._tokens, self._filled_at = 0.0, 0.0

    def renew(self) -> None:
        """For a forked child: another thread of the parent may have held the lock, and never gives it back here."""
        self._lock = Lock()
        self.clear()

    def spare(self, per_second: float) -> bool:
        """Whether fewer than about `per_second` entries were put in the last second (a token bucket; put() spends)."""
        with self._lock:
            now = monotonic()
            self._tokens = min(per_second, self._tokens + (now - self._filled_at) * per_second)
            self._filled_at = now
            return self._tokens >= 1
