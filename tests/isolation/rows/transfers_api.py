"""Imports and exports of the client book, through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from shared_apps.accounts.models import User
from tenant_apps.transfers.models import Import
from tests.isolation.rows.base import Row, Words, nothing
from tests.isolation.rows.transfers import EXPORT, IMPORT, OWN_ONLY, in_state, of_the_owner, undoable
from tests.isolation.world import World


def table(world: World, _user: User) -> tuple[bytes, str]:
    content = f"nome,obs\nNova,{world['clients.Client'].pk}".encode()
    return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("t.csv", content)}), MULTIPART_CONTENT


def picked(world: World, _user: User) -> dict[str, Any]:
    return {"kind": "csv", "columns": ["name"], "ids": [world["clients.Client"].pk]}


def told(before: Words) -> Words:
    """The same, with the rows it refused as the check leaves them."""

    def prepared(world: World) -> None:
        before(world)
        Import.objects.update(errors=[[2, f"zq{world.organization.slug}-wrong"]])

    return prepared


def of_kind(kind: str, before: Words) -> Words:
    """The same for another kind of file, of two columns."""

    def prepared(world: World) -> None:
        before(world)
        head = [["a", "b"], [f"zq{world.organization.slug}-head", "x"]]
        Import.objects.update(kind=kind, head=head)

    return prepared


def sheet(header: str) -> Callable[[World, User], tuple[bytes, str]]:
    def made(world: World, _user: User) -> tuple[bytes, str]:
        content = f"{header}\n01/12/2026,{world['clients.Client'].pk}".encode()
        return encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("t.csv", content)}), MULTIPART_CONTENT

    return made


def imports(kind: str, path: str, upload: Callable[[World, User], Any], mapping: dict[str, str]) -> dict[str, Row]:
    def row(before: Words, **options: Any) -> Row:
        return Row(arguments=IMPORT, before=of_kind(kind, told(before)), **options)

    return {
        f"GET {path}": Row(before=of_kind(kind, nothing)),
        f"POST {path}": Row(body=upload),
        f"GET {path}fields/": Row(shows=kind == "clients"),
        f"GET {path}<uuid:pk>/": row(in_state("matching")),
        f"POST {path}<uuid:pk>/check/": row(in_state("matching"), body=lambda *_: {"mapping": mapping}, answers=DONE),
        f"POST {path}<uuid:pk>/run/": row(in_state("checked"), answers=DONE),
        f"POST {path}<uuid:pk>/undo/": row(undoable, answers=DONE),
        f"POST {path}<uuid:pk>/cancellation/": row(in_state("running")),
        f"GET {path}<uuid:pk>/errors/": row(in_state("checked")),
    }


API, EXPORTS = "/api/v1/", "/api/v1/client-exports/"
DONE = (202,)
ROWS: dict[str, Row] = {
    **imports("clients", f"{API}client-imports/", table, {"0": "name"}),
    **imports("appointments", f"{API}appointment-imports/", sheet("data,cliente"), {"0": "date", "1": "client"}),
    **imports("entries", f"{API}entry-imports/", sheet("vencimento,valor"), {"0": "due_on", "1": "amount"}),
    f"GET {EXPORTS}": Row(before=of_the_owner, shows=False),
    f"POST {EXPORTS}": Row(body=picked),
    f"GET {EXPORTS}<uuid:pk>/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
    f"GET {EXPORTS}<uuid:pk>/file/": Row(arguments=EXPORT, before=of_the_owner, answers=OWN_ONLY),
}
