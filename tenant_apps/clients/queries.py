"""The list of clients: one narrow statement, straight to JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from tenant_apps.clients import words
from tenant_apps.clients.models import Archival, Client, ClientQuerySet, SavedView
from tenant_apps.notifications.recipients import Recipient
from tenant_apps.team.models import Member

ROW = (
    "id", "kind", "name", "legal_name", "document", "email", "phone", "tags", "custom", "cities", "archived", "version",
    "created_at", "updated_at",
)  # fmt: skip
_IS_ARCHIVED = ExpressionWrapper(Q(archival__isnull=False), output_field=BooleanField())
ORDERINGS = {
    "name": ("name_key", "id"),
    "-name": ("-name_key", "-id"),
    "created_at": ("created_at", "id"),
    "-created_at": ("-created_at", "-id"),
    "updated_at": ("updated_at", "id"),
    "-updated_at": ("-updated_at", "-id"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which clients somebody asks for. Texts as typed; empty means that it does not matter."""

    search: str = ""
    city: str = ""
    state: str = ""
    kind: str = ""
    document: str = ""
    tags: list[str] = field(default_factory=list)
    custom: dict[str, Any] = field(default_factory=dict)
    archived: str = "false"  # true, false, all
    created_from: datetime | None = None
    created_before: datetime | None = None

    @property
    def is_sought(self) -> bool:
        """Whether the index for finding answers this, rather than a walk in order."""
        return bool(self.search or self.city or self.state or self.tags or self.custom or self.document)


def clients(wanted: Wanted, *, read: bool = False) -> ClientQuerySet:
    """`read`: the words are read row by row, for whoever walks the rows in their order."""
    found = Client.objects.all()
    if wanted.archived != "all":
        found = found.archived() if wanted.archived == "true" else found.standing()
    found = found.with_words(words.query(wanted.search, city=wanted.city, state=wanted.state), read=read)
    equal: dict[str, Any] = {"kind": wanted.kind, "document": wanted.document, "tags__contains": wanted.tags}
    equal |= {"custom__contains": wanted.custom, "created_at__gte": wanted.created_from}
    equal |= {"created_at__lt": wanted.created_before}
    return found.filter(**{name: value for name, value in equal.items() if value})


def first_of(wanted: Wanted) -> Q | None:
    """Of a search: those whose name begins as it does."""
    beginning = words.beginning(wanted.search)
    return Q(name_key__startswith=beginning) if beginning else None


def client_rows(found: QuerySet, names: Sequence[str] = ROW) -> QuerySet:
    """Clients as rows of the list: these members of ROW."""
    return (found.annotate(archived=_IS_ARCHIVED) if "archived" in names else found).values(*names)


_VIEW_FIELDS = [field.attname for field in SavedView._meta.concrete_fields]
_VIEWS = f"""
    SELECT {", ".join(str(field.column) for field in SavedView._meta.concrete_fields)} FROM {SavedView._meta.db_table}
    WHERE member_id = %s ORDER BY name
"""  # noqa: S608 - names of our own table and columns


def views_of(member: Member) -> list[SavedView]:
    """How this member looks at the list: the views with a name, and the one without, which says the columns."""
    with connection.cursor() as cursor:  # written out: each showing of the list asks, and the ORM composes it anew
        cursor.execute(_VIEWS, [member.pk])
        return [SavedView.from_db(connection.alias, _VIEW_FIELDS, row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to filter by. Of a large book, what its newest SAMPLE clients have."""

    tags: list[str]
    cities: list[str]


SAMPLE = 5000
OFFERED = 200


def offered() -> Offered:
    table = Client._meta.db_table
    statement = f"""
        WITH sample AS (SELECT tags, cities FROM {table} ORDER BY created_at DESC, id DESC LIMIT %s)
        (SELECT DISTINCT 'tag', unnest(tags) FROM sample LIMIT %s)
        UNION ALL (SELECT DISTINCT 'city', unnest(cities) FROM sample LIMIT %s)
    """  # noqa: S608 - the name of our own table
    with connection.cursor() as cursor:
        cursor.execute(statement, [SAMPLE, OFFERED, OFFERED])
        found = cursor.fetchall()
    return Offered(*([value for kind, value in found if kind == wanted] for wanted in ("tag", "city")))


def similar(*, name: str, document: str, phone: str, besides: Any = None, limit: int = 5) -> list[Client]:
    """Standing clients that may be the same: with this document, this phone, or every word of this name.

    `document` and `phone` as they are kept; one statement on the search index.
    """
    query = words.likeness(name=name, document=document, phone=phone)
    if not query:
        return []
    found = Client.objects.standing().with_words(query).exclude(pk=besides).defer("search", "notes", "custom")
    return list(found.order_by("id")[:limit])


def successor(client_id: UUID) -> UUID:
    """Who a client is by now: the one it was merged into, and that one in turn; itself where it was not."""
    seen = {client_id}
    while True:
        away = Archival.objects.filter(client=client_id, restored_at=None).values_list("merged_into", flat=True).first()
        if away is None or away in seen:
            return client_id
        seen.add(client_id := away)


def reached(client_id: UUID) -> Recipient | None:
    """How a standing client is written to; None: there is none of this identifier, or it was put away."""
    found = Client.objects.standing().filter(pk=client_id).values_list("name", "email", "phone").first()
    return Recipient.client(client_id, *found) if found else None
