"""The ways a message takes: one folder each. A folder that is deleted is a channel that is not there.

Each has an `adapter.py` with an `ADAPTER`. Where settings say so (development), the console stands in for those that
have no keys.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from django.conf import settings

from tenant_apps.notifications.channels.base import Adapter
from tenant_apps.notifications.models import Channel

CONSOLE = "console"


@cache
def _adapters() -> dict[str, Adapter]:
    found = [name for _finder, name, is_package in pkgutil.iter_modules(__path__) if is_package]
    return {name: import_module(f"{__name__}.{name}.adapter").ADAPTER for name in found}


def adapter(channel: Channel) -> Adapter | None:
    """What carries this channel's messages now; None: it is switched off, or not there."""
    own = _adapters().get(channel)
    if own is not None and own.is_ready():
        return own
    return _adapters().get(CONSOLE) if own is not None and settings.NOTIFICATIONS_CONSOLE else None


def ready() -> set[Channel]:
    """The channels that have somebody to carry their messages."""
    return {channel for channel in Channel if adapter(channel)}
