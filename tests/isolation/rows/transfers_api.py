"""Imports and exports of the client book, through the API."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shared_apps.accounts.models import User
from tenant_apps.transfers.models import Import
from tests.isolation.rows.base import Row, Words
from tests.isolation.rows.transfers import EXPORT, IMPORT, OWN_ONLY, in_state, of_the_owner, undoable
from tests.isolation.world import World


def table(world: World, _user: User) -> tuple[bytes, str]:
    content = f"nome,obs\nNova,{world['clients.Client'].pk}".encode()
    return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("t.csv", content)}), MULTIPART_CONTENT


def columns(_world: World, _user: User) -> dict[str, Any]:
    return {"mapping": {"0": "name"}}


def picked(world: World, _user: User) -> dict[str, Any]:
    return {"kind": "csv", "columns": ["name"], "ids": [world["clients.Client"].pk]}


def told(before: Words) -> Words:
    """The same, with the rows it refused as the check leaves them."""

    def prepared(world: World) -> None:
        before(world)
        Import.objects.update(errors=[[2, f"zq{world.organization.slug}-wrong"]])

    return prepared


IMPORTS, EXPORTS = "/api/v1/client-imports/", "/api/v1/client-exports/"
DONE = (202,)
ROWS: dict[str, Row] = {
    f"POST {IMPORTS}": Row(body=table),
    f"GET {IMPORTS}fields/": Row(),
    f"GET {IMPORTS}<uuid:pk>/": Row(arguments=IMPORT, before=told(in_state("matching"))),
    f"POST {IMPORTS}<uuid:pk>/check/": Row(
        arguments=IMPORT, before=told(in_state("matching")), body=columns, answers=DONE
    ),
    f"POST {IMPORTS}<uuid:pk>/run/": Row(arguments=IMPORT, before=told(in_state("checked")), answers=DONE),
    f"POST {IMPORTS}<uuid:pk>/undo/": Row(arguments=IMPORT, before=told(undoable), answers=DONE),
    f"POST {IMPORTS}<uuid:pk>/cancellation/": Row(arguments=IMPORT, before=told(in_state("running"))),
    f"GET {IMPORTS}<uuid:pk>/errors/": Row(arguments=IMPORT, before=told(in_state("checked"))),
    f"GET {EXPORTS}": Row(before=of_the_owner, shows=False),
    f"POST {EXPORTS}": Row(body=picked),
    f"GET {EXPORTS}<uuid:pk>/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
    f"GET {EXPORTS}<uuid:pk>/file/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
}
