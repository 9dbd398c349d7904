"""Reports: rows of the planted world stand in March 2026, so each is asked for without days."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tenant_apps.reports.models import Run
from tenant_apps.team.models import Member
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

KEY = {"key": lambda _world: "clients"}
RUN = {"pk": key_of("reports.Run")}
OWN_ONLY = (200, 404)  # a run is seen by who asked for it; another member of the same role finds nothing


def of_the_owner(world: World) -> None:
    """The planted run, asked for by alice or carol, its file in the storage."""
    words = " ".join([str(world["clients.Client"].pk), world["clients.Client"].name])
    path = default_storage.save("isolation.csv", ContentFile(words.encode()))
    owner = Member.objects.get(role="owner")
    Run.objects.update(by=owner, state="done", file=path, filters={}, expires_at="2100-01-01T00:00Z")


def live(world: World) -> None:
    Run.objects.update(by=None, filters={}, expires_at="2100-01-01T00:00Z")


def subscription(_world: World, _user: Any) -> dict[str, Any]:
    return {"to": "somebody@x.example", "day": 1, "format": "pdf"}


ROWS: dict[str, Row] = {
    "GET /reports/": Row(before=live),
    "GET /reports/<slug:key>/": Row(arguments=KEY),
    "POST /reports/<slug:key>/files/": Row(arguments=KEY, body=lambda *_: {"format": "csv"}, changes=False),
    "POST /reports/<slug:key>/subscriptions/": Row(arguments=KEY, body=subscription, answers=(302,)),
    "POST /reports/subscriptions/<uuid:pk>/removal/": Row(
        arguments={"pk": key_of("reports.Subscription")}, answers=(302,)
    ),
    "GET /reports/runs/<uuid:pk>/": Row(arguments=RUN, before=of_the_owner, answers=OWN_ONLY),
    "GET /reports/runs/<uuid:pk>/progress/": Row(arguments=RUN, before=of_the_owner, answers=OWN_ONLY),
    "GET /reports/runs/<uuid:pk>/file/": Row(arguments=RUN, before=of_the_owner, answers=OWN_ONLY, shows=False),
    "GET /reports/sent/<str:token>/": Row(
        arguments={"token": lambda _world: "nobody's"}, answers=(404,), as_stranger=(404,), shows=False
    ),
    "GET /api/v1/reports/": Row(shows=False),
    "GET /api/v1/reports/<slug:key>/": Row(arguments=KEY),
    "POST /api/v1/reports/<slug:key>/runs/": Row(arguments=KEY, body=lambda *_: {"format": "csv"}),
    "GET /api/v1/report-runs/<uuid:pk>/": Row(arguments=RUN, before=of_the_owner, answers=OWN_ONLY),
    "GET /api/v1/report-runs/<uuid:pk>/file/": Row(arguments=RUN, before=of_the_owner, answers=OWN_ONLY, shows=False),
}
