"""What a browser says of itself, in two words a person recognises."""

from __future__ import annotations

from ua_parser import parse


def device_of(user_agent: str) -> str:
    """ "Chrome, Android". Empty when it says nothing that is known."""
    found = parse(user_agent[:500])
    parts = [found.user_agent and found.user_agent.family, found.os and found.os.family]
    return ", ".join(part for part in parts if part)[:120]
