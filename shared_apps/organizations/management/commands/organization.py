"""`manage.py organization`: look at organizations and lead them through their lives."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django_typer.management import command
from rich.text import Text
from typer import Argument, Option, confirm

from shared_apps.core.errors import DomainError
from shared_apps.organizations import lifecycle, onboarding
from shared_apps.organizations.management.presentation import OrganizationCommand, listing, pairs, status_text
from shared_apps.organizations.models import Organization
from shared_apps.organizations.signals import organization_demo_requested
from shared_apps.tenancy import context
from shared_apps.tenancy.models import Schema

Slug = Annotated[str, Argument(help="The organization's address.")]
Cause = Annotated[str, Option(help="Why; kept in its history.")]
Json = Annotated[bool, Option("--json", help="Answer in JSON.")]


class Command(OrganizationCommand, help="List, show, suspend, reactivate, archive or delete organizations."):
    @command("list", help="Every organization, or those in one state.")
    def list_(
        self,
        status: Annotated[str, Option(help="Only those in this state.")] = "",
        as_json: Json = False,
    ) -> None:
        if status and status not in Organization.Status.values:
            self.refuse(f"{status!r} is no state. There are {', '.join(Organization.Status.values)}.", as_json=as_json)
        found = Organization.objects.filter(**({"status": status} if status else {})).order_by("slug")
        found = found.annotate(people=Count("memberships", filter=Q(memberships__is_active=True)))
        if as_json:
            self.show_json([summary(one) | {"members": one.people} for one in found])
            return
        rows: list[list[str | Text]] = [
            [one.slug, one.name, status_text(one.status), str(one.people), f"{one.created_at:%Y-%m-%d}"]
            for one in found
        ]
        if rows:
            self.show(listing(["Slug", "Name", "State", "Members", "Since"], rows))
        else:
            self.show("There is none yet. Open one: manage.py onboard acme --name Acme --owner owner@acme.example")

    @command("show", help="All there is to know about one organization.")
    def show_one(self, slug: Slug, as_json: Json = False) -> None:
        organization = self.find(slug, as_json=as_json)
        schema = Schema.objects.filter(name=organization.schema_name).values("state", "head").first()
        people = list(organization.memberships.order_by("created_at").values_list("user__email", "role", "is_active"))
        history = list(organization.transitions.select_related("by"))
        if as_json:
            self.show_json(
                summary(organization)
                | {
                    "legal_name": organization.legal_name,
                    "document": organization.document,
                    "timezone": organization.timezone,
                    "locale": organization.locale,
                    "currency": organization.currency,
                    "schema_state": schema and schema["state"],
                    "members": [{"email": one[0], "role": one[1], "is_active": one[2]} for one in people],
                    "history": [
                        {"at": row.at, "from": row.from_status, "to": row.to_status, "cause": row.cause, "by": row.by}
                        for row in history
                    ],
                }
            )
            return
        details: dict[str, str | Text] = {
            "Address": onboarding.url_of(organization.slug),
            "State": status_text(organization.status),
            "Legal name": organization.legal_name or "–",
            "CPF or CNPJ": organization.document or "–",
            "Time zone": organization.timezone,
            "Language": organization.locale,
            "Schema": f"{organization.schema_name} ({schema['state'] if schema else 'not made yet'})",
        }
        if organization.delete_after:
            details["Deleted after"] = f"{organization.delete_after:%Y-%m-%d %H:%M} UTC"
        self.show(Text(organization.name, style="bold"), "", pairs(details), "")
        member_rows: list[list[str | Text]] = [
            [f"  {email}", role, "" if is_active else Text("deactivated", style="dim")]
            for email, role, is_active in people
        ]
        self.show(listing(["  Member", "Role", ""], member_rows), "")
        history_rows: list[list[str | Text]] = [
            [f"  {row.at:%Y-%m-%d %H:%M}", status_text(row.to_status), row.cause, row.by.email if row.by else ""]
            for row in history
        ]
        self.show(listing(["  When (UTC)", "State", "Cause", "By"], history_rows))

    @command(help="Close its doors for a while.")
    def suspend(self, slug: Slug, cause: Cause = "by the platform", as_json: Json = False) -> None:
        self.change(slug, Organization.Status.SUSPENDED, lifecycle.suspend, cause, as_json=as_json)

    @command(help="Open again what was suspended, archived, or is waiting to be deleted.")
    def reactivate(self, slug: Slug, cause: Cause = "by the platform", as_json: Json = False) -> None:
        self.change(slug, Organization.Status.ACTIVE, lifecycle.reactivate, cause, as_json=as_json)

    @command(help="Close it for good and keep its data.")
    def archive(self, slug: Slug, cause: Cause = "by the platform", as_json: Json = False) -> None:
        self.change(slug, Organization.Status.ARCHIVED, lifecycle.archive, cause, as_json=as_json)

    @command(help="Close it, and delete its data after the days of grace.")
    def delete(
        self,
        slug: Slug,
        cause: Cause = "by the platform",
        now: Annotated[bool, Option("--now", help="Without days of grace.")] = False,
        yes: Annotated[bool, Option("--yes", help="Do not ask.")] = False,
        as_json: Json = False,
    ) -> None:
        organization = self.find(slug, as_json=as_json)
        asks = now and not yes and sys.stdin.isatty()
        if asks and not confirm(f"Delete {organization.name} with all its data, now and for good?"):
            self.refuse("Not confirmed.", as_json=as_json)
        if not now:
            self.change(slug, Organization.Status.DELETING, lifecycle.request_deletion, cause, as_json=as_json)
            return
        try:
            if organization.status != Organization.Status.DELETING:
                lifecycle.request_deletion(organization, cause=cause)
            lifecycle.delete_now(organization)
        except DomainError as error:
            self.refuse(error, as_json=as_json)
        if as_json:
            self.show_json({"slug": organization.slug, "status": "deleted", "changed": True})
        else:
            self.show(f"{organization.name} is deleted. Its data is being dropped; its address is not given out again.")

    @command(help="Fill it with made-up years of visits and money, unless it has visits already.")
    def seed(
        self,
        slug: Slug,
        size: Annotated[str, Option(help="small: six months; large: five years, 100,000 entries.")] = "small",
        as_json: Json = False,
    ) -> None:
        if size not in ("small", "large"):
            self.refuse(f"{size!r} is no size. There are small and large.", as_json=as_json)
        organization = self.find(slug, as_json=as_json)
        if organization.status != Organization.Status.ACTIVE:
            self.refuse(f"{organization.name} is {organization.status}.", as_json=as_json)
        made: dict[str, int] = {}
        try:
            with context.enter(organization.schema_name), transaction.atomic():
                answers = organization_demo_requested.send(Organization, organization=organization, size=size)
                for _receiver, answer in answers:
                    made |= answer if isinstance(answer, dict) else {}
        except DomainError as error:
            self.refuse(error, as_json=as_json)
        if as_json:
            self.show_json({"slug": organization.slug, **made})
        elif any(made.values()):
            counts = ", ".join(f"{count} {name}" for name, count in made.items())
            self.show(f"{organization.name} has {counts}.")
        else:
            self.show(f"Nothing to do: {organization.name} has visits already.")

    def change(
        self, slug: str, wanted: str, service: Callable[..., Organization], cause: str, *, as_json: bool
    ) -> None:
        organization = self.find(slug, as_json=as_json)
        changed = organization.status != wanted
        if changed:
            try:
                organization = service(organization, cause=cause)
            except DomainError as error:
                self.refuse(error, as_json=as_json)
        if as_json:
            self.show_json(summary(organization) | {"changed": changed})
            return
        line = Text("" if changed else "Nothing to do: ").append(f"{organization.name} is ")
        self.show(line.append(status_text(organization.status)).append("."))
        if organization.delete_after:
            days = max(0, (organization.delete_after - timezone.now()).days + 1)
            self.show(f"Its data is deleted after {organization.delete_after:%Y-%m-%d}, in {days} days. Until then:")
            self.show(f"  manage.py organization reactivate {organization.slug}")

    def find(self, slug: str, *, as_json: bool) -> Organization:
        organization = Organization.objects.filter(slug=slug.strip().lower()).first()
        if organization is None:
            self.refuse(f"There is no organization {slug!r}. See: manage.py organization list", as_json=as_json)
        return organization


def summary(organization: Organization) -> dict[str, Any]:
    return {
        "slug": organization.slug,
        "name": organization.name,
        "id": str(organization.pk),
        "status": organization.status,
        "is_demo": organization.is_demo,
        "schema": organization.schema_name,
        "url": onboarding.url_of(organization.slug),
        "created_at": organization.created_at,
        "delete_after": organization.delete_after,
    }
