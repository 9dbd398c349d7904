"""How a member looks at the list, and the fields an organization adds to its clients."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from shared_apps.core import finding
from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from tenant_apps.clients import columns, page_filters, queries, services
from tenant_apps.clients.forms.fields import FieldForm, key_for
from tenant_apps.clients.models import CustomField, SavedView
from tenant_apps.clients.page_views.answers import back
from tenant_apps.team.actor import actor_of


@requires(Permission.CLIENTS_VIEW)
@methods("POST")
def view_keep(request: HttpRequest) -> HttpResponse:
    fields = {field.key: field for field in CustomField.objects.all()}
    address = page_filters.asked(QueryDict(request.POST.get("address", "")[:2000]), fields).query
    view = services.keep_view(actor=actor_of(request), name=request.POST.get("name", ""), address=address)
    toast(request, _("The view %(name)s is kept.") % {"name": view.name})
    return redirect(f"{reverse('clients:list')}?{view.address}")


@requires(Permission.CLIENTS_VIEW)
@methods("POST")
def view_drop(request: HttpRequest, pk: UUID) -> HttpResponse:
    view = SavedView.objects.filter(pk=pk, member=actor_of(request)).first()
    if view is None:
        raise NotThere
    services.drop_view(view)
    toast(request, _("The view %(name)s is gone.") % {"name": view.name})
    return redirect("clients:list")


@requires(Permission.CLIENTS_VIEW)
@methods("GET", "POST")
@never_cache
def list_columns(request: HttpRequest) -> HttpResponse:
    fields = {field.key: field for field in CustomField.objects.all()}
    member = actor_of(request)
    if request.method == "POST":
        services.choose_columns(actor=member, columns=columns.known(request.POST.getlist("column"), fields))
        return back(request, reverse("clients:list"))
    chosen = next((view.columns for view in queries.views_of(member) if not view.name), None) or columns.DEFAULT
    names = [*columns.LABELS, *(f"{page_filters.CUSTOM}{key}" for key in fields)]
    offered = [(name, columns.label(name, fields), name in chosen) for name in names]
    return render(request, "clients/_columns.html", {"offered": offered, "most": columns.MAX_COLUMNS})


@requires(Permission.FIELDS_MANAGE)
@methods("GET", "POST")
@never_cache
def field_list(request: HttpRequest) -> HttpResponse:
    """The fields there are, and a form for one more."""
    fields = list(CustomField.objects.all())
    form = FieldForm(request.POST or None, initial={"position": len(fields)})
    if request.method == "POST" and form.is_valid():
        key = key_for(form.cleaned_data["label"], {field.key for field in fields})
        made = form.attempt(services.define_custom_field, actor=actor_of(request), key=key, **form.cleaned_data)
        if made is not None:
            toast(request, _("Clients have the field %(name)s now.") % {"name": made.label})
            return redirect("clients:fields")
    status = 422 if request.method == "POST" else 200
    return render(request, "clients/fields.html", {"fields": fields, "form": form}, status=status)


@requires(Permission.FIELDS_MANAGE)
@methods("GET", "POST")
@never_cache
def field_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    field = _field(pk)
    form = FieldForm(request.POST or None, field=field)
    if request.method == "POST" and form.is_valid():
        changed = form.attempt(services.change_custom_field, field, actor=actor_of(request), **form.cleaned_data)
        if changed is not None:
            toast(request, _("Saved."))
            return redirect("clients:fields")
    status = 422 if request.method == "POST" else 200
    return render(request, "clients/field.html", {"field": field, "form": form}, status=status)


@requires(Permission.FIELDS_MANAGE)
@methods("POST")
def field_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    field = _field(pk)
    services.remove_custom_field(field, actor=actor_of(request))
    toast(request, _("The field %(name)s is gone, and what clients had in it.") % {"name": field.label})
    return redirect("clients:fields")


def _field(pk: UUID) -> CustomField:
    return finding.one(CustomField.objects.all(), pk)
