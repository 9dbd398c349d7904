"""Host or schema to organization, without a database query on the hot path.

Answers are cached in the process for a short while; a change made anywhere is announced through Redis and dropped at
once. Without Redis, the short while is all that a change has to wait for.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.db import connection, transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.routing import bell, lookup
from shared_apps.tenancy.routing.cache import Cache, Missing
from shared_apps.tenancy.routing.hosts import normalise
from shared_apps.tenancy.routing.route import Route

__all__ = [
    "Missing",
    "Route",
    "TooManyUnknownHosts",
    "by_host",
    "by_schema",
    "cached_by_host",
    "clear",
    "forget",
    "forget_everything",
    "normalise",
    "of_active",
]

# Seconds an answer is believed when nobody announces a change.
SERVED_FOR = 30.0
REFUSED_FOR = 2.0  # suspended, being set up, behind a migration: people wait for the end of it
UNKNOWN_FOR = 10.0
UNKNOWN_PER_SECOND = 200.0  # how often a process asks the database about hosts that turn out to be nobody's

_hosts: Cache[str, Route] = Cache(limit=10_000)
_schemas: Cache[str, Route] = Cache(limit=10_000)
_unknown: Cache[str, None] = Cache(limit=2_000)  # of its own: nobody's hosts never push out somebody's


class TooManyUnknownHosts(RuntimeError):
    """Somebody is trying host after host: those not known already are not looked up for a moment."""


def by_host(host: str) -> Route | None:
    """The route of a host name (see `normalise`), or None. Raises TooManyUnknownHosts, and what the database says."""
    found = cached_by_host(host)
    if not isinstance(found, Missing):
        return found
    bell.listen(_heard)
    if not _unknown.spare(UNKNOWN_PER_SECOND) and not _hosts.has_seen(host):
        raise TooManyUnknownHosts(host)
    generation = _hosts.generation
    route = lookup.by_host(host)
    _remember(route, generation, host=host)
    return route


def cached_by_host(host: str) -> Route | Missing | None:
    """What is known of a host without asking the database; Missing when that is nothing."""
    route = _hosts.get(host)
    return route if not isinstance(route, Missing) else _unknown.get(host)


def by_schema(schema: str) -> Route | None:
    """The route of the organization that owns a schema, or None (pool, template and trash have none)."""
    found = _schemas.get(schema)
    if not isinstance(found, Missing):
        return found
    bell.listen(_heard)
    generation = _hosts.generation
    route = lookup.by_schema(schema)
    _remember(route, generation)
    return route


def of_active() -> Route | None:
    """The route of the active organization. None in public, and in a bare schema that is nobody's (pool, template).

    Raises NoSchemaChosen.
    """
    active = context.active()
    return active.route or (None if active.is_public else by_schema(active.schema))


def forget(*, hosts: Collection[str] = (), schema: str | None = None) -> None:
    """Drop what is cached about these hosts and this schema: here now, everywhere once the transaction commits.

    Call it after every change of an organization, its domains or its schema's head. Redis away costs nothing but time.
    """
    message = bell.Message(hosts=tuple(hosts), schema=schema)
    _heard(message)
    transaction.on_commit(partial(_announce, message), robust=True)


def forget_everything() -> None:
    """The same for whatever is cached: after a change of so many schemas that naming each would cost more."""
    _heard(None)
    transaction.on_commit(partial(_announce, None), robust=True)


def clear() -> None:
    """Drop everything in this process alone, also the memory of who was ever here."""
    for cache in (_hosts, _schemas, _unknown):
        cache.clear()


def _announce(message: bell.Message | None) -> None:
    _heard(message)  # again: an open transaction's reader may have put the old answer back
    bell.ring(message)


def _heard(message: bell.Message | None) -> None:
    """Drop what a message names; None (we may have missed one) drops everything.

    Hosts stay known by name: while somebody tries host after host, those that were served before must be looked up.
    """
    if message is None:
        for cache in (_hosts, _schemas, _unknown):
            cache.expire()
        return
    for host in message.hosts:
        _unknown.drop(host)
    _hosts.expire_where(lambda host, route: host in message.hosts or route.schema == message.schema)
    _schemas.expire_where(lambda name, route: name == message.schema)


def _remember(route: Route | None, generation: int, *, host: str = "") -> None:
    """Keep an answer; only its name, when a change was announced meanwhile or a transaction is open."""
    certain = not connection.in_atomic_block and generation == _hosts.generation
    if route is None:
        if host and certain:
            _unknown.put(host, None, UNKNOWN_FOR)
        if _hosts.has_seen(host):
            _hosts.drop(host)  # it was somebody's
        return
    seconds = (SERVED_FOR if route.is_served else REFUSED_FOR) if certain else 0.0
    _schemas.put(route.schema, route, seconds)
    if host:
        _hosts.put(host, route, seconds)


def _in_a_forked_child() -> None:
    for cache in (_hosts, _schemas, _unknown):
        cache.renew()


bell.after_fork(_in_a_forked_child)
