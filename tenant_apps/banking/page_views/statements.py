"""/bank/statements/: the files that were brought."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from shared_apps.core.errors import NotThere
from shared_apps.organizations.permissions import Permission, requires
from shared_apps.web.access import methods
from shared_apps.web.toasts import toast
from shared_apps.web.uploads import uploaded
from tenant_apps.banking import queries, services
from tenant_apps.banking.forms import UploadForm
from tenant_apps.banking.models import Statement
from tenant_apps.team.actor import actor_of

SIZE = 25


@requires(Permission.FINANCE_VIEW)
@methods("GET")
@never_cache
def statement_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.statements(), SIZE).get_page(request.GET.get("page", "")[:6])
    return render(request, "banking/statements.html", {"page": page})


@requires(Permission.FINANCE_MANAGE)
@methods("GET", "POST")
@never_cache
def statement_new(request: HttpRequest) -> HttpResponse:
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            file = uploaded(request)[0]
            brought = form.attempt(
                services.bring_statement,
                file.read(),
                name=file.name or "",
                actor=actor_of(request),
                account=form.cleaned_data["account"],
            )
            if brought is not None:
                toast(request, told(brought), tone="success" if brought.new else "info")
                return redirect("banking:lines")
    return render(request, "banking/statement_new.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(Permission.FINANCE_MANAGE)
@methods("POST")
def statement_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    statement = Statement.objects.filter(pk=pk).first()
    if statement is None:
        raise NotThere
    services.remove_statement(statement, actor=actor_of(request))
    toast(request, _("The movements of %(name)s are gone.") % {"name": statement.file_name})
    return redirect("banking:statements")


def told(brought: services.Brought) -> str:
    if not brought.new:
        return _("Nothing new: all of its movements were here already.")
    text = ngettext("%(count)d new movement.", "%(count)d new movements.", brought.new) % {"count": brought.new}
    if brought.known:
        text += " " + ngettext(
            "%(count)d was here already.", "%(count)d were here already.", brought.known
        ) % {"count": brought.known}  # fmt: skip
    return text
