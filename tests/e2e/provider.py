"""The payment provider beside a live server, as `make run` has it, and firms that are on trial of what it sells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from billing.gateways.sandbox.server.app import Sandbox, serving
from tests.e2e.server import PATIENCE, Server

GOOD, DECLINED, LATER_DECLINED = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 0341"
CATALOGUE = Path(__file__).with_name("plans.toml")
COUPON = "ABELHA"
# What an operator does with a command each, in one process.
SELL = """
from django.core.management import call_command
from billing.plans.models import Coupon
call_command("plans", "sync", "--file", {catalogue!r})
Coupon.objects.create(code={coupon!r}, percent=20, periods=3)
call_command("onboard", "--from-file", {firms!r}, "--locale", "en")
"""


@dataclass(frozen=True)
class Provider:
    url: str
    server: Server

    def move(self, **by: int) -> None:
        """Let `days` or `months` pass by the button of its panel. What it tells us of them arrives soon after.

        What follows from the clock alone, a job of every minute does; it also sees to what was told before our
        processes had read the new time.
        """
        requests.post(f"{self.url}/clock/", data=by, timeout=PATIENCE).raise_for_status()
        self.server.manage("jobs", "run", "subscriptions.tick")

    def sell(self, firms: dict[str, str], *, owner: str) -> None:
        """Plans, a coupon, and firms by slug, all on trial and all of one owner's."""
        path = self.server.logs / "firms.csv"
        path.write_text("slug,name,owner\n" + "".join(f"{slug},{name},{owner}\n" for slug, name in firms.items()))
        script = SELL.format(catalogue=str(CATALOGUE), coupon=COUPON, firms=str(path))
        self.server.manage("shell", "--no-imports", "-c", script)


@contextmanager
def providing(server: Server) -> Iterator[Provider]:
    """In this process, which has read Django's settings already, and over HTTP both ways."""
    address, secret = (server.environment[name] for name in ("SANDBOX_URL", "SANDBOX_SECRET"))
    sandbox = Sandbox(secret=secret, webhook_url=f"{server.platform}/webhooks/sandbox/")
    with serving(sandbox, port=urlsplit(address).port or 0):
        yield Provider(sandbox.url, server)
