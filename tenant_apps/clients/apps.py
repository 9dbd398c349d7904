from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "tenant_apps.clients"

    def ready(self) -> None:
        from shared_apps.web.api.clashes import name_clash
        from tenant_apps.clients import receivers  # noqa: F401 - connects them
        from tenant_apps.clients.errors import DocumentTaken, KeyTaken

        for constraint, field, error in [
            ("clients_document_once", "document", DocumentTaken),
            ("clients_customfield_key_once", "key", KeyTaken),
        ]:
            name_clash(constraint, field=field, code=error.code, message=error.message)
