"""What a new firm does first; the list goes away when all of it is done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from tenant_apps.reports.places import mounted

# name in queries -> what to do, where, and who may
STEPS = {
    "client": (_("Add your first client"), "/clients/new/", "clients_manage", "users"),
    "offering": (_("Say what you sell"), "/offerings/", "schedule_manage", "tag"),
    "hours": (_("Say who works when"), "/availability/", "schedule_manage", "clock"),
    "visit": (_("Book the first visit"), "/appointments/new/", "schedule_manage", "calendar-plus"),
    "pix": (_("Enter your PIX key"), "/settings/receiving/", "finance_manage", "qrcode"),
}


def open_steps(done: dict[str, bool], can: dict[str, bool]) -> list[dict[str, Any]]:
    """The steps this reader may take, with those that are done; empty when none is left."""
    steps = [
        {"label": label, "href": href, "icon": icon, "done": done[name]}
        for name, (label, path, permission, icon) in STEPS.items()
        if can[permission] and (href := mounted(path))
    ]
    return steps if any(not step["done"] for step in steps) else []
