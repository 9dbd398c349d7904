"""The base of the console's admins: all is shown, nothing is changed but by an action or where an admin says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin, TabularInline

from shared_apps.console import actions, facts
from shared_apps.console.actions import Action
from shared_apps.console.facts import Fact
from shared_apps.console.forms import ReasonForm


class ReadOnly:
    """Nobody adds, changes or deletes here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ConsoleAdmin(ModelAdmin):
    """`group` and `symbol` (Material Symbols) are its place in the sidebar; without a group it has none."""

    group = ""
    symbol = "circle"
    order = 100
    list_per_page = 50
    list_fullwidth = True
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    actions = None
    change_form_before_template = "console/_actions.html"
    change_form_after_template = "console/_sections.html"

    def get_urls(self) -> list[URLPattern]:
        """With the actions' page, without the address that Django kept from its version 1.9."""
        options = self.model._meta
        name = f"{options.app_label}_{options.model_name}_act"
        view = self.admin_site.admin_view(self.act)
        own = [path("<path:object_id>/act/<slug:action>/", view, name=name)]
        return own + [one for one in super().get_urls() if one.name]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Whoever may change such things may act on them, also where the form changes nothing."""
        options = self.model._meta
        return request.user.has_perm(f"{options.app_label}.change_{options.model_name}")

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        return [*super().get_list_display(request), *(_column(fact) for fact in facts.of(self.model))]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        found.is_narrowed = bool(found.query or found.get_filters_params())
        if not found.is_narrowed:
            found.full_result_count = found.result_count  # nothing is left out: no "show all"
        facts.tell(self.model, found.result_list)
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        subject = self.get_object(request, unquote(object_id))
        extra = {"console_facts": [], "console_sections": [], "console_actions": [], **(extra_context or {})}
        if subject is not None and self.has_view_permission(request, subject):
            facts.tell(self.model, [subject])
            extra["console_facts"] = [(one.label, subject.facts.get(one.name)) for one in facts.of(self.model)]
            extra["console_sections"] = facts.sections_of(subject)
            if self.has_act_permission(request):
                extra["console_actions"] = [
                    (one, self.act_address(subject, one.name)) for one in actions.possible_for(subject)
                ]
        return super().change_view(request, object_id, form_url, extra)

    def act_address(self, subject: models.Model, name: str) -> str:
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_act", args=[subject.pk, name])

    def address_of(self, subject: models.Model) -> str:
        options = self.model._meta
        return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[subject.pk])

    def act(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """Ask for the reason, and do it."""
        subject, found = self.get_object(request, unquote(object_id)), actions.find(self.model, action)
        if subject is None or found is None:
            raise Http404
        if not self.has_act_permission(request):
            raise PermissionDenied
        form = found.form(request.POST if request.method == "POST" else None, subject=subject)
        preview = None
        if found.preview is not None and form.is_valid() and not form.is_confirmed(request.POST.get("confirmed", "")):
            if preview := form.attempt(found.preview, subject, **_answers(form)):
                form.keep(preview.keep)
        elif form.is_valid():
            name = str(subject)
            outcome = form.attempt(actions.perform, found, subject, actor=request.user, **form.cleaned_data)
            if outcome is not None:
                return self._done(request, object_id, found, f"{name}: {outcome}", f"{found.label}: {outcome}")
        values = {
            **self.admin_site.each_context(request),
            "title": found.label,
            "opts": self.model._meta,
            "subject": subject,
            "back": self.address_of(subject),
            "action": found,
            "form": form,
            "preview": preview,
            "shows_first": found.preview is not None and preview is None,  # said here: a template would call it
            "is_possible": found.possible(subject),
        }
        return TemplateResponse(request, "console/action.html", values, status=422 if form.errors else 200)

    def _done(self, request: HttpRequest, object_id: str, action: Action, said: str, written: str) -> HttpResponse:
        messages.success(request, said)
        subject = self.get_object(request, unquote(object_id))
        if subject is not None:
            self.log_change(request, subject, written)
        if subject is None or action.passes:
            options = self.model._meta
            return redirect(f"admin:{options.app_label}_{options.model_name}_changelist")
        return redirect(self.address_of(subject))


class ReadOnlyAdmin(ReadOnly, ConsoleAdmin):
    """A list and pages to look at; what can be done is an action. There is no address for anything else."""

    def get_urls(self) -> list[URLPattern]:
        return [one for one in super().get_urls() if str(one.name).endswith(("_changelist", "_change", "_act"))]


class ReadOnlyInline(ReadOnly, TabularInline):
    extra = 0
    max_num = 0
    can_delete = False
    tab = True
    per_page = 20

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever sees the thing sees what belongs to it."""
        return True


def _answers(form: ReasonForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "reason"}


def _column(fact: Fact) -> Callable[[Any], Any]:
    def column(row: Any) -> Any:
        return row.facts.get(fact.name)

    column.short_description = fact.label  # type: ignore[attr-defined] # Django's name for a column's title
    column.__name__ = fact.name
    return column
