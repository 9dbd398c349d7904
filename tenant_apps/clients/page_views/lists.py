"""The list: found as one types, filtered by the address, and what is done to many at once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from shared_apps.core import formats
from shared_apps.organizations.permissions import Permission, allows, requires
from shared_apps.web.access import methods
from shared_apps.web.api import rows
from shared_apps.web.toasts import toast
from tenant_apps.clients import columns, page_filters, queries, services
from tenant_apps.clients.models import CustomField
from tenant_apps.clients.page_filters import Asked
from tenant_apps.clients.page_views.answers import back, ids_of, packed, unpacked
from tenant_apps.team.actor import actor_of

SIZE = 50


@requires(Permission.CLIENTS_VIEW)
@methods("GET")
@never_cache
def client_list(request: HttpRequest) -> HttpResponse:
    views = queries.views_of(actor_of(request))
    chosen = next((view.columns for view in views if not view.name), None) or columns.DEFAULT
    fields = _fields(request, chosen)
    asked = page_filters.asked(request.GET, fields)
    shown = columns.known(chosen, fields)
    needed = columns.needed(shown, archived=asked.wanted.archived != "false")
    page = rows.page(
        queries.clients(asked.wanted),
        partial(queries.client_rows, names=needed),
        asked.ordering,
        number=asked.page,
        size=SIZE,
        sought=asked.wanted.is_sought,
        counted=False,
        first=queries.first_of(asked.wanted) if asked.sort == "name" else None,
        walking=queries.clients(asked.wanted, read=True),
    )
    can_choose = allows(actor_of(request).role, Permission.CLIENTS_MANAGE)
    found = columns.table([orjson.loads(row) for row in page.rows], shown, here=request.path, can_choose=can_choose)
    is_swap = request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers
    values: dict[str, Any] = {
        "asked": asked,
        "headings": [columns.label(column, fields) for column in shown],
        "rows": found,
        "summary": _summary(page, len(page.rows)),
        "previous": asked.address(asked.page - 1) if asked.page > 1 else "",
        "next": asked.address(asked.page + 1) if page.has_next else "",
        "here": request.path,
        "full_path": f"{request.path}{asked.address(asked.page)}",
        "is_all": not asked.query,
    }
    if not is_swap:
        values |= {
            "views": [view for view in views if view.name],
            "hidden": _hidden(asked),
            "export": _export_address(asked),
        }
    answer = render(request, "clients/_list.html" if is_swap else "clients/list.html", values)
    if is_swap:
        answer["HX-Push-Url"] = values["full_path"]
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@requires(Permission.CLIENTS_VIEW)
@methods("GET")
@never_cache
def filter_panel(request: HttpRequest) -> HttpResponse:
    """The selects behind "Filters": what there is to filter by is only asked for when somebody wants to."""
    fields = {field.key: field for field in CustomField.objects.all()}
    asked = page_filters.asked(request.GET, fields)
    offered = queries.offered()
    city = " - ".join(filter(None, [asked.wanted.city, asked.wanted.state]))
    values = {
        "asked": asked,
        "tags": sorted({*offered.tags, *asked.wanted.tags}),
        "cities": sorted({*offered.cities, city} - {""}),
        "city": city,
        "archived": request.GET.get("archived", ""),
        "custom": [
            _offer(field, request.GET.get(f"{page_filters.CUSTOM}{field.key}", "")) for field in fields.values()
        ],
    }
    return render(request, "clients/_filters.html", values)


@requires(Permission.CLIENTS_MANAGE)
@methods("POST")
def tag_many(request: HttpRequest) -> HttpResponse:
    ids, tag, member = ids_of(request), request.POST.get("tag", ""), actor_of(request)
    if "remove" in request.POST:
        changed = services.untag_clients(ids, tag=tag, actor=member)
    else:
        changed = services.tag_clients(ids, tag=tag, actor=member)
    text = ngettext("%(count)d client changed.", "%(count)d clients changed.", len(changed)) % {"count": len(changed)}
    toast(request, text)
    return back(request, reverse("clients:list"))


@requires(Permission.CLIENTS_ARCHIVE)
@methods("POST")
def archive_many(request: HttpRequest) -> HttpResponse:
    done = services.archive_clients(_chosen(request), actor=actor_of(request))
    text = ngettext("%(count)d client archived.", "%(count)d clients archived.", len(done)) % {"count": len(done)}
    toast(request, text, undo_url=_undo("clients:restore_many", done))
    return back(request, reverse("clients:list"))


@requires(Permission.CLIENTS_ARCHIVE)
@methods("POST")
def restore_many(request: HttpRequest) -> HttpResponse:
    done, refused = services.restore_clients(_chosen(request), actor=actor_of(request))
    text = ngettext("%(count)d client restored.", "%(count)d clients restored.", len(done)) % {"count": len(done)}
    if refused:
        names = ", ".join(client.name for client in refused[:3])
        text += " " + _("Still archived, because another client has the same CPF or CNPJ: %(names)s.") % {
            "names": names
        }
    toast(request, text, tone="warning" if refused else "success", undo_url=_undo("clients:archive_many", done))
    return back(request, reverse("clients:list"))


def _fields(request: HttpRequest, chosen: Any) -> dict[str, CustomField]:
    """The custom fields, if the page needs them."""
    needed = page_filters.names_custom(request.GET) or any(name.startswith(page_filters.CUSTOM) for name in chosen)
    return {field.key: field for field in CustomField.objects.all()} if needed else {}


def _summary(page: rows.Page, shown: int) -> str:
    first = (page.number - 1) * SIZE + 1
    if not shown:
        return ""
    numbers = {"first": formats.number(first), "last": formats.number(first + shown - 1)}
    if page.capped:
        return _("%(first)s to %(last)s of many") % numbers
    if page.number == 1 and not page.has_next:
        return ngettext("%(count)s client", "%(count)s clients", page.count) % {"count": formats.number(page.count)}
    return _("%(first)s to %(last)s of %(count)s") % {**numbers, "count": formats.number(page.count)}


def _hidden(asked: Asked) -> list[tuple[str, str]]:
    """Filters that the search keeps, until their selects are there."""
    query = QueryDict(asked.query)
    return [(name, value) for name in query if name not in {"search", "sort"} for value in query.getlist(name)]


def _export_address(asked: Asked) -> str:
    """Empty when there is no export."""
    try:
        address = reverse("transfers:export")
    except NoReverseMatch:
        return ""
    return f"{address}?{asked.query}" if asked.query else address


def _offer(field: CustomField, value: str) -> dict[str, Any]:
    choices = (
        [("true", _("yes")), ("false", _("no"))] if field.type == "bool" else [(one, one) for one in field.choices]
    )
    kind = "select" if choices else {"number": "number", "date": "date"}.get(field.type, "text")
    return {
        "name": f"{page_filters.CUSTOM}{field.key}",
        "label": field.label,
        "choices": choices,
        "kind": kind,
        "value": value,
    }


def _undo(name: str, ids: list[UUID]) -> str:
    """The address that takes it back. Identifiers as one text, for it travels in a cookie."""
    return f"{reverse(name)}?ids={packed(ids)}" if ids else ""


def _chosen(request: HttpRequest) -> list[UUID]:
    return ids_of(request) or unpacked(request.GET.get("ids", ""))
