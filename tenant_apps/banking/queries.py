"""Reading the bank's movements."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from shared_apps.core.errors import NotThere
from tenant_apps.banking.models import Match, Statement, StatementLine, StatementLineQuerySet
from tenant_apps.finance.models import Entry, Kind

STATES = ("open", "explained", "ignored")
MAX_FOUND = 30


def lines(*, state: str, search: str = "", statement: UUID | None = None) -> QuerySet[StatementLine]:
    """Newest first; with what explains each."""
    found: StatementLineQuerySet = getattr(StatementLine.objects, state)() if state else StatementLine.objects.all()
    for word in search.split()[:8]:
        found = found.filter(memo__icontains=word)
    if statement:
        found = found.filter(statement_id=statement)
    return with_matches(found).order_by("-on", "-id")


def with_matches(found: QuerySet[StatementLine]) -> QuerySet[StatementLine]:
    standing = Match.objects.filter(payment__reversal=None).select_related("payment__entry__client")
    standing = standing.defer("payment__entry__client__search", "payment__entry__client__custom")
    return found.select_related("decided_by").prefetch_related(Prefetch("matches", standing, to_attr="standing"))


def line(pk: UUID) -> StatementLine:
    """Raises NotThere."""
    found = with_matches(StatementLine.objects.with_explained().filter(pk=pk)).first()
    if found is None:
        raise NotThere
    return found


def state_of(found: StatementLine) -> str:
    """For a line that `line` or `lines` found."""
    if found.is_ignored:
        return "ignored"
    return "explained" if found.standing else "open"  # type: ignore[attr-defined] # with_matches


def counts() -> dict[str, int]:
    """How many lines are in each state. One statement."""
    explained = Exists(Match.objects.filter(line=OuterRef("pk"), payment__reversal=None))
    return StatementLine.objects.annotate(is_explained=explained).aggregate(
        open=Count("pk", filter=Q(is_ignored=False, is_explained=False)),
        explained=Count("pk", filter=Q(is_ignored=False, is_explained=True)),
        ignored=Count("pk", filter=Q(is_ignored=True)),
    )


def statements() -> QuerySet[Statement]:
    return Statement.objects.select_related("by").annotate(count=Count("lines")).order_by("-created_at")


def open_entries(of: StatementLine, search: str) -> list[Entry]:
    """Entries this movement may pay: by words of client, payer or description; without words those due nearest."""
    kind = Kind.RECEIVABLE if of.came_in else Kind.PAYABLE
    found = Entry.objects.open().filter(kind=kind).select_related("client").defer("client__search", "client__custom")
    for word in search.split()[:8]:
        found = found.filter(
            Q(client__name__icontains=word) | Q(party__icontains=word) | Q(description__icontains=word)
        )
    return list(found.order_by("due_on", "pk")[:MAX_FOUND])
