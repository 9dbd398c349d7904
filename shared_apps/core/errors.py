"""Business rules that said no. One renderer per surface turns them into a page, a toast or problem+json."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule refused. `code` is stable and machine-readable, `status` the HTTP status, `message` for people.

    Keyword arguments become `extra` members of the problem document (RFC 9457, section 3.2) and fill the
    placeholders of `message` (``%(name)s``).
    """

    code: str = "not_allowed"
    status: int = 409
    message: str | Promise = _("This is not possible right now.")

    def __init__(self, message: str | Promise | None = None, **extra: Any) -> None:
        self.extra = extra
        if message is not None:
            self.message = message
        super().__init__(self.detail)

    @property
    def detail(self) -> str:
        text = str(self.message)
        return text % self.extra if self.extra and "%(" in text else text


class FieldError(DomainError):
    """One field's value was refused: answers 422 with the field's name."""

    code = "invalid"
    status = 422

    def __init__(self, field: str, message: str | Promise, code: str = "invalid", **extra: Any) -> None:
        self.field = field
        self.code = code
        super().__init__(message, **extra)


class NotThere(DomainError):
    """The thing is gone, or never was in this organization."""

    code = "not_found"
    status = 404
    message = _("There is nothing here.")


class Stale(DomainError):
    """Somebody else changed the thing since the version the caller knows."""

    code = "stale"
    status = 412
    message = _("This was changed by someone else in the meantime. Load it again and repeat your change.")
