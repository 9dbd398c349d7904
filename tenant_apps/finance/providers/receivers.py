"""The money book changes; charges at the provider follow."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from tenant_apps.finance.models import Entry
from tenant_apps.finance.providers import following
from tenant_apps.finance.signals import entry_changed, entry_removing


@receiver(entry_changed)
def on_entry_changed(sender: object, entry: Entry, **kwargs: Any) -> None:
    following.leave(entry, now=timezone.now())


@receiver(entry_removing)
def on_entry_removing(sender: object, entry: Entry, **kwargs: Any) -> None:
    following.refuse_while_charged(entry)
