"""/bank/ on an organization's host."""

from django.urls import path

from tenant_apps.banking.page_views import lines, statements

app_name = "banking"
urlpatterns = [
    path("", lines.line_list, name="lines"),
    path("certain/", lines.accept_certain, name="certain"),
    path("lines/<uuid:pk>/", lines.line_detail, name="line"),
    path("lines/<uuid:pk>/explanation/", lines.explain, name="explain"),
    path("lines/<uuid:pk>/entry/", lines.explain_with_new_entry, name="entry"),
    path("lines/<uuid:pk>/ignoring/", lines.ignore, name="ignore"),
    path("lines/<uuid:pk>/reopening/", lines.reopen, name="reopen"),
    path("statements/", statements.statement_list, name="statements"),
    path("statements/new/", statements.statement_new, name="statement_new"),
    path("statements/<uuid:pk>/removal/", statements.statement_remove, name="statement_remove"),
]
