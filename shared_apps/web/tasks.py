"""The API's housekeeping, in public."""

from shared_apps.tenancy.jobs.registry import platform_periodic
from shared_apps.web.api import idempotency


@platform_periodic("web.purge_idempotency_keys", at="04:20")
def purge_idempotency_keys() -> None:
    idempotency.purge_idempotency_keys()
