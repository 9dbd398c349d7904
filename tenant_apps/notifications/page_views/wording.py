"""What the organization's clients are told, in its own words, and what became of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing import entitlements
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.tenancy.requests import route_of
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.notifications import channels, figures, queries, services
from tenant_apps.notifications.events import CLIENT_CHANNELS, EVENTS
from tenant_apps.notifications.forms import WordingForm
from tenant_apps.notifications.models import Channel, Template
from tenant_apps.notifications.page_views.bell import firm_of
from tenant_apps.notifications.samples import previewed
from tenant_apps.notifications.services.composing import in_language
from tenant_apps.notifications.services.wording import checked
from tenant_apps.team.actor import actor_of

MANAGE = Permission.NOTIFICATIONS_MANAGE
SENT = 30


@methods("GET")
@requires(MANAGE)
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    own = {(row.event, row.channel, row.locale) for row in Template.objects.all()}
    locale, ready = route_of(request).locale, channels.ready(services.own_keys())
    rows = [
        {
            "event": event,
            "cells": [
                {"channel": channel, "is_own": (event.key, channel, locale) in own} for channel in CLIENT_CHANNELS
            ],
        }
        for event in EVENTS.values()
        if event.clients
    ]
    values = {
        "rows": rows,
        "locale": locale,
        "channels": [{"label": channel.label, "is_ready": channel in ready} for channel in CLIENT_CHANNELS],
        "plan_page": entitlements.PLAN_PAGE,
        "left_out": figures.left_out(timezone.now()),
        "sent": [{"row": row, "event": EVENTS[row.event].label} for row in queries.sent_to_clients()[:SENT]],
    }
    return render(request, "notifications/settings.html", values)


@methods("GET", "POST")
@requires(MANAGE)
@never_cache
def template(request: HttpRequest, event: str, channel: str, locale: str) -> HttpResponse:
    known, through = _asked(event, channel, locale)
    own = Template.objects.filter(event=event, channel=channel, locale=locale).first()
    subject, body = (own.subject, own.body) if own else in_language(event, channel, locale)
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        channel=through,
        initial={"subject": subject, "body": body, "provider_name": own.provider_name if own else ""},
    )
    if request.method == "POST" and form.is_valid():
        where = {"event": event, "channel": through, "locale": locale}
        if form.attempt(services.save_template, actor=actor_of(request), **where, **form.cleaned_data):
            toast(request, _("Saved. Your clients read it from the next message on."))
            return redirect("notifications:settings")
    values: dict[str, Any] = {
        "form": form,
        "event": known,
        "channel": through,
        "locale": locale,
        "locales": django_settings.LANGUAGES,
        "is_own": own is not None,
        "words": known.words,
        "preview": previewed(known, form.text("subject"), form.text("body"), locale=locale, firm=firm_of(request)),
    }
    return render(request, "notifications/template.html", values, status=422 if form.errors else 200)


@methods("POST")
@requires(MANAGE)
def preview(request: HttpRequest, event: str, channel: str, locale: str) -> HttpResponse:
    """What is being typed, filled in with an invented client; nothing is kept."""
    known, _through = _asked(event, channel, locale)
    subject, body = request.POST.get("subject", "")[:500], request.POST.get("body", "")[:5000]
    values = {"preview": previewed(known, subject, body, locale=locale, firm=firm_of(request))}
    return render(request, "notifications/_preview.html", values)


@methods("POST")
@requires(MANAGE)
def removal(request: HttpRequest, event: str, channel: str, locale: str) -> HttpResponse:
    _known, through = _asked(event, channel, locale)
    services.drop_template(event=event, channel=through, locale=locale, actor=actor_of(request))
    toast(request, _("The built-in words are back."))
    return redirect("notifications:settings")


def _asked(event: str, channel: str, locale: str) -> tuple[Any, Channel]:
    """Raises NotThere."""
    if channel not in Channel.values or locale not in dict(django_settings.LANGUAGES):
        raise NotThere
    return checked(event, Channel(channel)), Channel(channel)
