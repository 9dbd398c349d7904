"""Everything that changes a client, a place, an asset or a custom field."""

from tenant_apps.clients.services.bulk import archive_clients, restore_clients, tag_clients, untag_clients
from tenant_apps.clients.services.clients import archive_client, create_client, restore_client, update_client
from tenant_apps.clients.services.fields import change_custom_field, define_custom_field, remove_custom_field
from tenant_apps.clients.services.many import create_clients
from tenant_apps.clients.services.merging import merge_clients
from tenant_apps.clients.services.pages import Given, add_client_page, save_client_page
from tenant_apps.clients.services.places import (
    add_asset,
    add_place,
    remove_asset,
    remove_place,
    update_asset,
    update_place,
)
from tenant_apps.clients.services.views import choose_columns, drop_view, keep_view

__all__ = [
    "Given",
    "add_asset",
    "add_client_page",
    "add_place",
    "archive_client",
    "archive_clients",
    "change_custom_field",
    "choose_columns",
    "create_client",
    "create_clients",
    "define_custom_field",
    "drop_view",
    "keep_view",
    "merge_clients",
    "remove_asset",
    "remove_custom_field",
    "remove_place",
    "restore_client",
    "restore_clients",
    "save_client_page",
    "tag_clients",
    "untag_clients",
    "update_asset",
    "update_client",
    "update_place",
]
