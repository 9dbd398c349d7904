"""Pages of imports and exports, under /clients/ on an organization's host."""

from django.urls import path

from tenant_apps.transfers.views import exports, imports

app_name = "transfers"
urlpatterns = [
    path("clients/import/", imports.import_new, name="import_new"),
    path("appointments/import/", imports.appointments_new, name="appointments_new"),
    path("entries/import/", imports.entries_new, name="entries_new"),
    path("clients/imports/", imports.import_list, name="import_list"),
    path("clients/imports/<uuid:pk>/", imports.import_detail, name="import"),
    path("clients/imports/<uuid:pk>/columns/", imports.columns_choose, name="columns"),
    path("clients/imports/<uuid:pk>/run/", imports.run_create, name="run"),
    path("clients/imports/<uuid:pk>/cancellation/", imports.cancellation_create, name="cancellation"),
    path("clients/imports/<uuid:pk>/undo/", imports.undo_create, name="undo"),
    path("clients/imports/<uuid:pk>/progress/", imports.progress_show, name="progress"),
    path("clients/imports/<uuid:pk>/errors/", imports.errors_download, name="errors"),
    path("clients/export/", exports.export, name="export"),
    path("clients/exports/<uuid:pk>/", exports.export_detail, name="export_detail"),
    path("clients/exports/<uuid:pk>/progress/", exports.export_progress, name="export_progress"),
    path("clients/exports/<uuid:pk>/file/", exports.export_download, name="export_file"),
]
