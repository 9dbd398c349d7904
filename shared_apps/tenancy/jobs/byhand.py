"""Running one job now, in the process that asks: for an operator, and for a look at what it does."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.db import transaction

from shared_apps.tenancy import context
from shared_apps.tenancy.jobs import due, registry
from shared_apps.tenancy.jobs.admission import Refused, admit, routes_of
from shared_apps.tenancy.jobs.base import clean_exit
from shared_apps.tenancy.jobs.registry import Kind


class WrongPlace(ValueError):
    """An organization's job needs an organization, a platform job has none."""


def run(name: str, schema: str | None, arguments: dict[str, Any], *, now: datetime) -> float:
    """Run a job; returns seconds. Past the ledger: it may do again what was done, and its due row is set anew.

    Raises UnknownJob, WrongPlace, Refused, NotReady, TypeError for arguments it does not take, or what the job raises.
    """
    job = registry.get(name)
    if (schema is None) == (job.kind is Kind.ORGANIZATION):
        raise WrongPlace(f"{name} is a job of {'an organization: name one' if schema is None else 'the platform'}.")
    arguments = {**arguments, **({"now": now} if job.takes_now else {})}
    job.signature.bind(**arguments)
    route = None
    if schema is not None:
        route = routes_of([schema]).get(schema)
        if route is None:
            raise Refused("no such organization")
        admit(schema, route.organization_id, route)
    began = time.perf_counter()
    transacted = transaction.atomic() if job.atomic else nullcontext()
    with clean_exit(), context.enter(route) if route else context.public(), transacted:
        job.function(**arguments)
        if route and job.is_visiting:
            due.advance(job, route, now)
    return time.perf_counter() - began
