"""The inbox of webhooks in the console: what came, what came of it."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.admin import EmptyFieldListFilter, display
from django.utils.translation import gettext_lazy as _

from billing.webhooks import doubles, replay
from billing.webhooks.models import Discrepancy, WebhookEvent
from shared_apps.accounts.models import User
from shared_apps.console import actions
from shared_apps.console.actions import Action
from shared_apps.console.admins.base import ReadOnlyAdmin
from shared_apps.console.site import register
from shared_apps.core.errors import DomainError


class StillRefused(DomainError):
    code = "refund_refused"
    message = _("The gateway does not give it back: %(what)s")


@register(WebhookEvent, name=_("webhook"), plural=_("webhooks"))
class WebhookEventAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "inbox", 70
    list_display = ("received_at", "gateway", "kind", "organization", "state", "attempts", "effect")
    list_select_related = ("organization",)
    list_filter = ("state", "gateway", "kind")
    search_fields = ("event_id", "subject", "organization__slug", "organization__name")
    ordering = ("-received_at",)
    fields = (
        "gateway", "event_id", "kind", "subject", "organization", "state", "attempts", "effect", "error", "happened_at",
        "received_at", "next_try_at", "done_at", "written",
    )  # fmt: skip
    readonly_fields = ("written",)

    @display(description=_("payload"))
    def written(self, event: WebhookEvent) -> str:
        return json.dumps(event.payload, indent=2, ensure_ascii=False, sort_keys=True)


@register(Discrepancy, name=_("discrepancy"), plural=_("discrepancies"))
class DiscrepancyAdmin(ReadOnlyAdmin):
    group, symbol, order = "billing", "rule", 75
    list_display = ("found_at", "kind", "gateway", "external_id", "organization", "what", "gone_at")
    list_select_related = ("organization",)
    list_filter = (("gone_at", EmptyFieldListFilter), "kind", "gateway")
    search_fields = ("external_id", "organization__slug", "organization__name")
    ordering = ("-found_at",)


def _replay(event: WebhookEvent, *, actor: User, reason: str) -> Any:
    replay.by_ids([event.pk])
    return _("will be worked off again")


def _again(refusal: Discrepancy, *, actor: User, reason: str) -> Any:
    if not doubles.give_back_again(refusal):
        raise StillRefused(what=refusal.what)
    return _("given back")


def _settle(refusal: Discrepancy, *, actor: User, reason: str) -> Any:
    doubles.settle(refusal)
    return _("settled another way")


def _is_refused(discrepancy: Discrepancy) -> bool:
    return discrepancy.kind == Discrepancy.Kind.REFUND and discrepancy.gone_at is None


for action in (
    Action(
        Discrepancy,
        "refund_again",
        _("Try to give back again"),
        _again,
        _("The gateway is asked once more, now. It is asked each night in any case."),
        possible=_is_refused,
        atomic=False,
        order=10,
    ),
    Action(
        Discrepancy,
        "settle",
        _("Settled another way"),
        _settle,
        _("You have given it back without the gateway, by a transfer say. It is not asked again; write down how."),
        possible=_is_refused,
        is_grave=True,
        order=20,
    ),
    Action(
        WebhookEvent,
        "replay",
        _("Work it off again"),
        _replay,
        _("It is worked off once more: the truth of today is fetched. Safe at any time."),
        possible=lambda event: event.state != WebhookEvent.State.WORKING,
    ),
):
    actions.add(action)
