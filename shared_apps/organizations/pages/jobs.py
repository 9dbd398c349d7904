"""What runs by itself for this organization: when it last did, what it did, and when it will again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from shared_apps.organizations.permissions import Permission, requires
from shared_apps.tenancy.jobs import all_jobs, report
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods

LATE = timedelta(minutes=5)  # from when on it is worth a word
COUNTED = {
    "visits": gettext_lazy("visits"),
    "messages": gettext_lazy("messages"),
    "entries": gettext_lazy("entries"),
    "links": gettext_lazy("links"),
    "files": gettext_lazy("files"),
    "reports": gettext_lazy("reports"),
    "invitations": gettext_lazy("invitations"),
    "sign_ins": gettext_lazy("sign-ins"),
    "figures": gettext_lazy("figures"),
    "recurring": gettext_lazy("recurring entries"),
    "contracts": gettext_lazy("charges of contracts"),
    "compared": gettext_lazy("charges compared"),
    "withdrawn": gettext_lazy("charges withdrawn"),
    "again": gettext_lazy("sent again"),
    "lost": gettext_lazy("given up"),
}


@methods("GET")
@requires(Permission.ORGANIZATION_MANAGE)
@never_cache
def jobs(request: HttpRequest) -> HttpResponse:
    schema, now = route_of(request).schema, timezone.now()
    labels = {job.name: job.label for job in all_jobs() if job.is_visiting and job.label}
    standings = [one for one in report.standings(schema, now=now) if one.job in labels]
    rows = [_row(one, str(labels[one.job]), now) for one in standings]
    values = {
        "jobs": sorted(rows, key=lambda row: row["label"]),
        "runs": [_run(run, str(labels[run.job])) for run in report.latest_runs(schema, labels, most=30)],
        "given_up": len(report.trouble(schema).failed),
    }
    return render(request, "organizations/settings/jobs.html", values)


def _row(one: report.Standing, label: str, now: datetime) -> dict[str, Any]:
    return {
        "label": label,
        "last": one.last_success,
        "did": _did(one.result) if one.state == "done" else "",
        "failed": one.state == "failed",
        "running": one.running,
        "next": one.due_at,
        "late": bool(one.due_at and one.due_at < now - LATE and not one.running),
    }


def _run(run: Any, label: str) -> dict[str, Any]:
    return {
        "label": label,
        "at": run.started_at,
        "late": run.lateness if run.lateness > LATE else None,
        "minutes": round(run.lateness.total_seconds() / 60),
        "attempts": run.attempts,
        "failed": run.state == "failed",
        "did": _did(run.result),
    }


def _did(result: Mapping[str, Any]) -> str:
    """ "visits: 12 · messages: 20"; what was none is left out."""
    counts = [(COUNTED.get(name, name.replace("_", " ")), count) for name, count in result.items()]
    told = [f"{name}: {count}" for name, count in counts if isinstance(count, int) and count]
    return " · ".join(told) or _("nothing to do")
