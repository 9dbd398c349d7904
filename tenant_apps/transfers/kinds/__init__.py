"""What a file may hold. Clients have their own plan (`planning`); the others go row by row, each through `take`."""

from __future__ import annotations

from tenant_apps.transfers.kinds.appointments import APPOINTMENTS
from tenant_apps.transfers.kinds.base import RowKind
from tenant_apps.transfers.kinds.entries import ENTRIES

ROW_KINDS: dict[str, RowKind] = {kind.key: kind for kind in (APPOINTMENTS, ENTRIES)}
