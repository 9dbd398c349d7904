"""The ways a message takes: one folder each. A folder that is deleted is a channel that is not there.

Each has an `adapter.py` with an `ADAPTER`. It sends with the organization's own keys, where there are some; else with
the platform's, where these may be shared. Where settings say so (development), the console stands in for both.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings

from tenant_apps.notifications.channels.base import NONE_NEEDED, Adapter, Keyed, Keys
from tenant_apps.notifications.models import Channel

CONSOLE = "console"


@cache
def _adapters() -> dict[str, Adapter]:
    found = [name for _finder, name, is_package in pkgutil.iter_modules(__path__) if is_package]
    return {name: import_module(f"{__name__}.{name}.adapter").ADAPTER for name in found}


Own = Mapping[Channel, Keys | None]  # what an organization has brought; None: it cannot be used


@dataclass(frozen=True, slots=True)
class Carrier:
    adapter: Adapter
    keys: Keys


def carrier(channel: Channel, own: Own) -> Carrier | None:
    """What carries an organization's messages of this channel now; None: it is switched off, or not there.

    Who has brought keys sends with those or not at all: a client knows the number that writes to it.
    """
    adapter = _adapters().get(channel)
    if adapter is None:
        return None
    if channel in own:
        keys = own[channel]
        return Carrier(adapter, keys) if keys else None
    shared = adapter.platform_keys()
    if shared and (shared == NONE_NEEDED or settings.NOTIFICATIONS_PLATFORM_KEYS):
        return Carrier(adapter, shared)
    return Carrier(_adapters()[CONSOLE], NONE_NEEDED) if settings.NOTIFICATIONS_CONSOLE else None


def ready(own: Own) -> set[Channel]:
    """The channels that have somebody to carry their messages."""
    return {channel for channel in Channel if carrier(channel, own)}


def keyed(channel: str) -> Keyed | None:
    """The channel, if an organization may bring keys for it."""
    adapter = _adapters().get(channel)
    return adapter if isinstance(adapter, Keyed) else None
