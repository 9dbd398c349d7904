"""What TENANCY_AFTER_CREATE is set to in tests."""

from __future__ import annotations

import os
import signal

from shared_apps.tenancy import context

called: list[str] = []


class Refused(Exception):
    """The operator's side is away."""


def note(schema: str) -> None:
    assert context.active().is_public
    called.append(schema)


def refuse(schema: str) -> None:
    raise Refused(f"cannot take {schema} today")


def die(schema: str) -> None:
    """What a power cut does, and `kill -9`."""
    os.kill(os.getpid(), signal.SIGKILL)
