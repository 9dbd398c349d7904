"""The fleet: every schema and every migration of one, and a page that says how it stands."""

from __future__ import annotations

from django.contrib.admin import display
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from shared_apps.console import words
from shared_apps.console.admins.base import ReadOnlyAdmin
from shared_apps.console.site import Page, add_page, register, site
from shared_apps.console.words import narrowed, told
from shared_apps.tenancy import pool
from shared_apps.tenancy.fleet import detect, status
from shared_apps.tenancy.models import MigrationRun, ProvisionStep, Schema
from shared_apps.web.access import methods

SHOWN = 50


@register(Schema, name=_("schema"), plural=_("schemas"))
class SchemaAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "database", 12
    list_display = ("name", told("kind"), told("state"), "release", "updated_at", "verified_at")
    list_filter = (narrowed("kind"), narrowed("state"))
    search_fields = ("name", "former_name")
    ordering = ("-updated_at",)

    @display(description=_("release"), ordering="head")
    def release(self, schema: Schema) -> str:
        return schema.head[:12]


@register(MigrationRun, name=_("migration of a schema"), plural=_("migrations of schemas"))
class MigrationRunAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "conversion_path", 14
    list_display = ("started_at", "schema_name", "app", "migration", told("state"), "how", "duration_ms")
    list_filter = (narrowed("state"), "how", "app")
    search_fields = ("schema_name", "migration")
    ordering = ("-id",)


@register(ProvisionStep, name=_("step of setting up"), plural=_("steps of setting up"))
class ProvisionStepAdmin(ReadOnlyAdmin):
    group, symbol, order = "operation", "construction", 16
    list_display = ("started_at", "schema_name", "step", told("state"), "finished_at")
    list_filter = (narrowed("state"), "step")
    search_fields = ("schema_name",)
    ordering = ("-id",)


@methods("GET")
def fleet(request: HttpRequest) -> HttpResponse:
    """From the registry and the ledger alone, without a look into any schema."""
    standing = status.look()
    failures = MigrationRun.objects.filter(state=MigrationRun.State.FAILED, schema_name__in=standing.failed)
    values = {
        **site.each_context(request),
        "title": _("Fleet"),
        "fleet": standing,
        "counts": [
            (words.choice(one.kind), words.choice(one.state), one.at_head, one.schemas) for one in standing.counts
        ],
        "behind": detect.behind()[:SHOWN] if standing.behind else [],
        "failures": failures.order_by("-id")[:SHOWN],
        "pool": pool.status(),
    }
    return TemplateResponse(request, "console/fleet.html", values)


add_page(Page("fleet", "fleet/", fleet, _("Fleet"), "operation", "hive", order=10))
