"""`manage.py webhooks`: work events off again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django_typer.management import TyperCommand, command
from typer import Exit, Option

from billing.webhooks import replay
from billing.webhooks.models import WebhookEvent


class Command(TyperCommand, help="The inbox of the payment gateways' webhooks."):
    @command("replay", help="Work events off again: one, those since a moment, or all that failed. Safe at any time.")
    def replay_(
        self,
        id: Annotated[str, Option(help="The gateway's id of one event.")] = "",
        since: Annotated[
            str, Option(help="All received since this moment, such as 2026-11-28 or 2026-11-28T14:00.")
        ] = "",
        failed: Annotated[bool, Option("--failed", help="All that failed or were given up.")] = False,
    ) -> None:
        if sum(map(bool, (id, since, failed))) != 1:
            self._refuse("Say which: --id, --since or --failed.")
        if id:
            found = replay.by_event_id(id)
        elif failed:
            found = replay.failed()
        else:
            found = replay.since(self._moment(since))
        self.stdout.write(f"{found} will be worked off again.")
        if id and not found:
            self._refuse("No event has this id, or it is being worked on.")

    @command("status", help="How many events are in which state.")
    def status(self) -> None:
        for state, label in WebhookEvent.State.choices:
            self.stdout.write(f"{state:<8} {WebhookEvent.objects.filter(state=state).count():>8}  {label}")

    def _moment(self, text: str) -> datetime:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self._refuse(f"{text!r} is no moment. Write it like 2026-11-28T14:00.")
            raise
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def _refuse(self, why: str) -> None:
        self.stderr.write(why)
        raise Exit(1)
