"""Forms whose services may refuse a field: what a rule says of a field is shown beside the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from shared_apps.core.errors import DomainError, FieldError

T = TypeVar("T")


class Form(forms.Form):
    """A form that can try a service."""

    def attempt(self, service: Callable[..., T], *given: Any, **named: Any) -> T | None:
        """The service's result, or None when it refused a field: then the form has the error.

        A refusal that names no field of this form is not ours to show, and goes on.
        """
        try:
            return service(*given, **named)
        except FieldError as error:
            if error.field not in self.fields:
                raise
            self.add_error(error.field, error.detail)
        except DomainError as error:
            named_fields = [one for one in error.extra.get("errors", []) if self._field_of(one["field"])]
            if not named_fields:
                raise
            for one in named_fields:
                self.add_error(self._field_of(one["field"]), str(one["message"]))
        return None

    def _field_of(self, name: str) -> str:
        """The form's field for the name a rule uses: "custom.pool" is the field "custom_pool"."""
        name = name.replace(".", "_")
        return name if name in self.fields else ""


class TextField(forms.CharField):
    """Free text of a known greatest length; `mask` names how it is typed (assets/masks.js)."""

    def __init__(self, *, limit: int, mask: str = "", rows: int = 0, **options: Any) -> None:
        self.mask = mask
        if rows:
            options.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(max_length=limit + 20 * bool(mask), **options)
