"""`celery -A tests.bench.ours_webhooks worker`: Colmeia's application, and the bare task it is compared with."""

import django

django.setup()

from django.db import transaction  # noqa: E402 - models need the apps

from billing.gateways.models import OutboundIntent  # noqa: E402
from config.celery import app  # noqa: E402
from shared_apps.tenancy import context  # noqa: E402

__all__ = ["app"]


@app.task(name="bench.row")
def row(number: int) -> None:
    with context.public(), transaction.atomic():
        OutboundIntent.objects.create(key=f"bench:{number}", gateway="bench", purpose="bench", request_hash="")
