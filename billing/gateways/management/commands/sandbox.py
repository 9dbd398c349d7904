"""`manage.py sandbox`: the payment provider of a development machine, until Ctrl-C."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import Annotated

from django.conf import settings
from django_typer.management import TyperCommand
from typer import Exit, Option

from billing.gateways.sandbox.server.app import Sandbox, serving


class Command(TyperCommand, help="Serve the sandbox gateway on loopback. SANDBOX_SECRET is what both sides know."):
    def handle(
        self,
        port: Annotated[int, Option(help="Where it listens.", min=1, max=65535)],
        webhooks: Annotated[str, Option(help="The address that is told what happens.")] = "",
        state: Annotated[Path | None, Option(help="The file that remembers; in memory only without it.")] = None,
    ) -> None:
        if not settings.SANDBOX_SECRET:
            self.stderr.write("SANDBOX_SECRET is not set.")
            raise Exit(1)
        over = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        with serving(Sandbox(secret=settings.SANDBOX_SECRET, webhook_url=webhooks, path=state), port=port) as sandbox:
            self.stdout.write(f"Sandbox gateway at {sandbox.url}")
            over.wait()
