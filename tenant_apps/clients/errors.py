"""Refusals of the client book."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError


class DocumentTaken(DomainError):
    code = "document_taken"
    status = 409
    message = _("Another client has this CPF or CNPJ.")

    def __init__(self) -> None:
        named = {"field": "document", "code": self.code, "message": str(self.message)}
        super().__init__(errors=[named])


class KeyTaken(DomainError):
    code = "key_taken"
    status = 409
    message = _("There is a custom field with this key already.")

    def __init__(self) -> None:
        named = {"field": "key", "code": self.code, "message": str(self.message)}
        super().__init__(errors=[named])


class ClientArchived(DomainError):
    code = "client_archived"
    message = _("This client is archived. Restore it before changing anything.")


class HasLogBook(DomainError):
    code = "has_log_book"
    message = _("This has records that must be kept, such as a log book. It cannot be removed.")


class AlreadyArchived(DomainError):
    code = "already_archived"
    message = _("This client is archived already.")


class NotArchived(DomainError):
    code = "not_archived"
    message = _("This client is not archived.")


class InvalidCustom(DomainError):
    """Values of custom fields that were refused: `errors` names each as `custom.<key>`."""

    code = "invalid"
    status = 422
    message = _("Some custom fields are not right.")


class SameClient(DomainError):
    code = "same_client"
    message = _("These are the same record. Choose two different clients.")
