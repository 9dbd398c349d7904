"""What a file may hold. Clients have their own plan (`planning`); the others go row by row, each through `take`."""

from __future__ import annotations

from tenant_apps.clients.models import CustomField
from tenant_apps.transfers.columns import Field, all_fields
from tenant_apps.transfers.kinds.appointments import APPOINTMENTS
from tenant_apps.transfers.kinds.base import RowKind
from tenant_apps.transfers.kinds.entries import ENTRIES

ROW_KINDS: dict[str, RowKind] = {kind.key: kind for kind in (APPOINTMENTS, ENTRIES)}


def fields_of(kind: str) -> list[Field]:
    """What a column of such a file can fill; of clients the organization's own fields too."""
    known = ROW_KINDS.get(kind)
    return list(known.fields) if known else all_fields(CustomField.objects.all())
