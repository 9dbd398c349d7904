"""Refusals of imports and exports."""

from django.utils.translation import gettext_lazy as _

from shared_apps.core.errors import DomainError, FieldError


class Unreadable(FieldError):
    """The file as a whole cannot be used; the message says why and what to do."""

    def __init__(self, message: object, **extra: object) -> None:
        super().__init__("file", str(message), "unreadable_file", **extra)


class NotNow(DomainError):
    code = "not_in_this_state"
    message = _("This import has moved on in the meantime. Load the page again.")


class NameNotChosen(DomainError):
    code = "name_not_chosen"
    status = 422
    message = _("Say which column holds the name.")

    def __init__(self) -> None:
        super().__init__(errors=[{"field": "column.0", "code": self.code, "message": str(self.message)}])


class NeededNotChosen(DomainError):
    """`text` says which columns are missing."""

    code = "column_not_chosen"
    status = 422

    def __init__(self, text: object) -> None:
        super().__init__(str(text), errors=[{"field": "column.0", "code": self.code, "message": str(text)}])


class ColumnTwice(DomainError):
    code = "column_twice"
    status = 422
    message = _("Another column leads to this field already. Leave one of them out.")

    def __init__(self, column: str) -> None:
        super().__init__(errors=[{"field": f"column.{column}", "code": self.code, "message": str(self.message)}])


class ChangedSince(DomainError):
    code = "changed_since_check"
    message = _("Something has changed since the check. Nothing was imported; check the file again.")


class FileGone(DomainError):
    code = "file_gone"
    status = 410
    message = _("The file has been removed. Import it again.")


class TooLateToUndo(DomainError):
    code = "too_late_to_undo"
    message = _("An import can be undone for %(days)d days. This one is older.")


class ExportNotReady(DomainError):
    code = "export_not_ready"
    message = _("The file is not ready yet.")
