"""`manage.py plans`: what is sold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from django_typer.management import command
from rich.text import Text
from typer import Argument, Option

from billing import clock
from billing.plans import services
from billing.plans.models import Plan, Price
from shared_apps.core.errors import DomainError
from shared_apps.organizations.management.presentation import OrganizationCommand, listing

Json = Annotated[bool, Option("--json", help="Answer in JSON.")]


class Command(OrganizationCommand, help="Load the catalogue of plans, list what is sold."):
    @command("sync", help="Bring plans and prices to what a catalogue file says; safe to run again.")
    def sync(
        self,
        file: Annotated[Path, Option(help="A catalogue in TOML.")] = services.CATALOGUE,
        as_json: Json = False,
    ) -> None:
        try:
            done = services.sync(file, now=clock.now())
        except DomainError as error:
            self.refuse(error, as_json=as_json)
        counts = {"plans": done.plans, "prices": done.prices, "retired": done.retired}
        if as_json:
            self.show_json(counts)
        else:
            self.show(f"New plans: {done.plans}. New prices: {done.prices}. Retired prices: {done.retired}.")

    @command("list", help="Every plan that is offered, with its prices.")
    def list_(self, as_json: Json = False) -> None:
        prices = Price.objects.filter(retired_at=None, plan__is_offered=True).select_related("plan")
        found = list(prices.order_by("plan__position", "currency", "interval"))
        if as_json:
            self.show_json([
                {"id": one.pk, "plan": one.plan.code, "interval": one.interval, "currency": one.currency,
                 "amount": str(one.amount), "trial_days": one.trial_days} for one in found
            ])  # fmt: skip
            return
        rows: list[list[str | Text]] = [
            [one.plan.name, one.interval, one.currency, str(one.amount), str(one.trial_days), str(one.pk)]
            for one in found
        ]
        self.show(listing(["Plan", "Every", "Currency", "Amount", "Days of trial", "Price"], rows))

    @command("link", help="Say which price of a gateway a price of ours is.")
    def link(
        self,
        price: Annotated[str, Argument(help="The price's id, as `plans list` shows it.")],
        gateway: Annotated[str, Argument(help="stripe")],
        external_id: Annotated[str, Argument(help="The gateway's id: price_...")],
    ) -> None:
        known = {str(one.pk): one for one in Price.objects.all()}.get(price)
        if known is None:
            self.refuse(
                f"{price!r} is no price. `manage.py plans list` shows them; there are {Plan.objects.count()} plans."
            )
        services.link_price(known, gateway=gateway, external_id=external_id)
        self.show("Linked.")
