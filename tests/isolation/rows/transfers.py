"""Imports and exports of the client book."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from shared_apps.accounts.models import User
from tenant_apps.team.models import Member
from tenant_apps.transfers.models import Export, Import
from tests.isolation.rows.base import Row, key_of
from tests.isolation.world import World

IMPORT = {"pk": key_of("transfers.Import")}
EXPORT = {"pk": key_of("transfers.Export")}
OWN_ONLY = (200, 404)  # an export is seen by who asked for it; another member of the same role finds nothing


def of_the_owner(world: World) -> None:
    """The planted export, asked for by alice or carol, its file in the storage."""
    owner = Member.objects.get(role="owner")
    Export.objects.update(by=owner, state="done", file=stored(world), expires_at="2100-01-01T00:00Z")


def in_state(state: str) -> Any:
    def before(world: World) -> None:
        Import.objects.update(
            state=state, errors_file=stored(world), head=[["name"], [f"zq{world.organization.slug}-head"]], mapping={}
        )

    return before


def undoable(world: World) -> None:
    in_state("done")(world)
    Import.objects.update(finished_at=timezone.now())


def stored(world: World) -> str:
    words = " ".join([str(world["clients.Client"].pk), world["clients.Client"].name])
    return str(default_storage.save("isolation.csv", ContentFile(words.encode())))


def columns(_world: World, _user: User) -> dict[str, Any]:
    return {"has_header": "on", "duplicates": "skip", "column_0": "name"}


ROWS: dict[str, Row] = {
    "GET /appointments/import/": Row(shows=False),
    "POST /appointments/import/": Row(
        body=lambda *_: {"pasted": "cliente\tdata\nAna\t01/12/2026 9:00"}, answers=(302,)
    ),
    "GET /entries/import/": Row(shows=False),
    "POST /entries/import/": Row(body=lambda *_: {"pasted": "valor\tvencimento\n10,00\t01/12/2026"}, answers=(302,)),
    "GET /clients/import/": Row(shows=False),
    "POST /clients/import/": Row(
        body=lambda world, _user: {"pasted": f"nome\tobs\nNova\t{world['clients.Client'].pk}"}, answers=(302,)
    ),
    "GET /clients/imports/<uuid:pk>/": Row(arguments=IMPORT, before=in_state("matching")),
    "POST /clients/imports/<uuid:pk>/columns/": Row(
        arguments=IMPORT, before=in_state("matching"), body=columns, answers=(302,)
    ),
    "POST /clients/imports/<uuid:pk>/run/": Row(arguments=IMPORT, before=in_state("checked"), answers=(302,)),
    "POST /clients/imports/<uuid:pk>/cancellation/": Row(arguments=IMPORT, before=in_state("running"), answers=(302,)),
    "POST /clients/imports/<uuid:pk>/undo/": Row(arguments=IMPORT, before=undoable, answers=(302,)),
    "GET /clients/imports/<uuid:pk>/progress/": Row(arguments=IMPORT, before=in_state("checking")),
    "GET /clients/imports/<uuid:pk>/errors/": Row(arguments=IMPORT, before=in_state("checked")),
    "GET /clients/export/": Row(shows=False),
    "POST /clients/export/": Row(
        body=lambda world, _user: {"kind": "csv", "columns": ["name"], "ids": [world["clients.Client"].pk]}
    ),
    "GET /clients/exports/<uuid:pk>/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
    "GET /clients/exports/<uuid:pk>/progress/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
    "GET /clients/exports/<uuid:pk>/file/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
}
