from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClientsConfig(AppConfig):
    name = "tenant_apps.clients"

    def ready(self) -> None:
        from billing import entitlements
        from billing.entitlements import Feature
        from shared_apps.organizations import figures
        from shared_apps.web import navigation
        from shared_apps.web.api.clashes import name_clash
        from shared_apps.web.navigation import Item
        from tenant_apps.clients import attachable, receivers  # noqa: F401 - connects them
        from tenant_apps.clients.errors import DocumentTaken, KeyTaken
        from tenant_apps.clients.figures import in_use, standing_clients
        from tenant_apps.clients.queries import reached, successor
        from tenant_apps.notifications import reaching, successors

        for constraint, field, error in [
            ("clients_document_once", "document", DocumentTaken),
            ("clients_customfield_key_once", "key", KeyTaken),
        ]:
            name_clash(constraint, field=field, code=error.code, message=error.message)
        navigation.register(Item(_("Clients"), "clients:list", icon="users", permission="clients.view", order=20))
        navigation.register(
            Item(_("Client fields"), "clients:fields", icon="forms", permission="fields.manage", group="settings")
        )
        attachable.register()
        figures.register("clients", standing_clients)
        entitlements.register(Feature.CLIENTS, in_use)
        successors.register(successor)
        reaching.register(reached)
