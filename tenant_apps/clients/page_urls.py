"""/clients/ on an organization's host."""

from django.urls import path

from tenant_apps.clients.page_views import arranging, detail, editing, lists, merging, messages

app_name = "clients"
urlpatterns = [
    path("", lists.client_list, name="list"),
    path("filters/", lists.filter_panel, name="filters"),
    path("tags/", lists.tag_many, name="tag_many"),
    path("archival/", lists.archive_many, name="archive_many"),
    path("restoration/", lists.restore_many, name="restore_many"),
    path("views/", arranging.view_keep, name="view_keep"),
    path("views/<uuid:pk>/removal/", arranging.view_drop, name="view_drop"),
    path("columns/", arranging.list_columns, name="columns"),
    path("fields/", arranging.field_list, name="fields"),
    path("fields/<uuid:pk>/", arranging.field_edit, name="field"),
    path("fields/<uuid:pk>/removal/", arranging.field_remove, name="field_remove"),
    path("duplicates/", merging.duplicate_list, name="duplicates"),
    path("new/", editing.client_new, name="new"),
    path("similar/", editing.similar, name="similar"),
    path("cep/", editing.address_of_cep, name="cep"),
    path("<uuid:pk>/", detail.client_detail, name="detail"),
    path("<uuid:pk>/edit/", editing.client_edit, name="edit"),
    path("<uuid:pk>/merge/<uuid:other>/", merging.client_merge, name="merge"),
    path("<uuid:pk>/messages/", messages.client_messages, name="messages"),
    path("<uuid:pk>/timeline/", detail.client_timeline, name="timeline"),
    path("<uuid:pk>/archival/", detail.archive, name="archive"),
    path("<uuid:pk>/restoration/", detail.restore, name="restore"),
]
