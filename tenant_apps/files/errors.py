"""Why a file is not taken."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError

FIELD = "file"


class NotAccepted(FieldError):
    def __init__(self, name: str) -> None:
        message = _(
            "%(name)s is not a file we take. Send photos (JPEG, PNG, WebP), PDF, Office documents, CSV or text."
        )
        super().__init__(FIELD, message, "type_not_accepted", name=name)


class WrongEnding(FieldError):
    def __init__(self, name: str, found: str) -> None:
        message = _("%(name)s is not what its ending says: inside it is %(found)s. Save it again in the right format.")
        super().__init__(FIELD, message, "wrong_ending", name=name, found=found)


class EmptyFile(FieldError):
    def __init__(self, name: str) -> None:
        super().__init__(FIELD, _("%(name)s is empty."), "empty", name=name)


class TooMany(DomainError):
    code = "too_many_files"
    message = _("There are %(limit)s files here already. Remove some first.")
