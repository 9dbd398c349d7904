"""/settings/channels/: the organization's own accounts for WhatsApp and SMS."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.notifications import channels, services
from tenant_apps.notifications.events import CLIENT_CHANNELS
from tenant_apps.notifications.forms import KEY_FORMS, KeysForm
from tenant_apps.notifications.models import Channel, ChannelAccount
from tenant_apps.team.actor import actor_of

MANAGE = Permission.NOTIFICATIONS_MANAGE


@methods("GET")
@requires(MANAGE)
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    return _page(request)


@methods("POST")
@requires(MANAGE)
@never_cache
def keys_save(request: HttpRequest, channel: str) -> HttpResponse:
    through = _asked(channel)
    form = KEY_FORMS[through](request.POST)
    if form.is_valid():
        saved = form.attempt(services.save_keys, through, actor=actor_of(request), **form.cleaned_data)
        if saved is not None:
            toast(request, _("Saved. The key is being tried."))
            return redirect("notifications:keys")
    return _page(request, refused={through: form})


@methods("POST")
@requires(MANAGE)
def keys_check(request: HttpRequest, channel: str) -> HttpResponse:
    services.ask_again(_asked(channel))
    return redirect("notifications:keys")


@methods("POST")
@requires(MANAGE)
def keys_remove(request: HttpRequest, channel: str) -> HttpResponse:
    services.drop_keys(_asked(channel), actor=actor_of(request))
    toast(request, _("The key is forgotten."))
    return redirect("notifications:keys")


@methods("GET")
@requires(MANAGE)
@never_cache
def keys_state(request: HttpRequest, channel: str) -> HttpResponse:
    """What the page asks for while a key is tried; then the page is loaded anew."""
    through = _asked(channel)
    account = ChannelAccount.objects.filter(channel=through).first()
    answer = render(request, "notifications/_keys_state.html", {"channel": through, "account": account})
    if account is None or account.state != ChannelAccount.State.CHECKING:
        answer["HX-Refresh"] = "true"
    return answer


def _page(request: HttpRequest, *, refused: dict[Channel, KeysForm] | None = None) -> HttpResponse:
    accounts = {account.channel: account for account in ChannelAccount.objects.select_related("by")}
    rows: list[dict[str, Any]] = [
        {
            "channel": channel,
            "account": accounts.get(channel),
            "is_ready": channels.carrier(channel, {}) is not None,  # without keys of one's own
            "form": (refused or {}).get(channel) or KEY_FORMS[channel](),
            "is_open": bool(refused and channel in refused),
        }
        for channel in CLIENT_CHANNELS
        if channels.keyed(channel)
    ]
    return render(request, "notifications/keys.html", {"rows": rows}, status=422 if refused else 200)


def _asked(channel: str) -> Channel:
    """Raises NotThere."""
    if channel not in Channel.values or channel not in KEY_FORMS or channels.keyed(channel) is None:
        raise NotThere
    return Channel(channel)
