"""What an action asks: why, and where it cannot be undone the thing's name, typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from shared_apps.core.errors import DomainError, FieldError
from shared_apps.web.forms import Form

T = TypeVar("T")
SALT = "console.preview"
SHOWN = 900  # seconds for which a preview holds


class ReasonForm(Form):
    """`subject` is what the action is about. Every refusal is shown above the form."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=5,
        max_length=200,
        help_text=_("It is kept, with your name."),
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *given: Any, subject: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.subject = subject
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    def confirmation(self) -> str:
        """What goes with a preview, so that only what it showed is done: the answers, but for the reason."""
        return signing.dumps(self._answers(), salt=SALT)

    def is_confirmed(self, confirmation: str) -> bool:
        try:
            return bool(signing.loads(confirmation, salt=SALT, max_age=SHOWN) == self._answers())
        except signing.BadSignature:
            return False

    def keep(self, values: Mapping[str, str]) -> None:
        """Give hidden fields of a form that was sent another value."""
        self.data = {**{name: self.data[name] for name in self.data}, **values}

    def _answers(self) -> list[str]:
        names = [one.name for one in self.visible_fields() if one.name != "reason"]
        return [str(self.cleaned_data.get(name)) for name in names]

    def attempt(self, service: Callable[..., T], *given: Any, **named: Any) -> T | None:
        """With what a provider said itself, where the refusal comes from one: staff can make something of it."""
        try:
            return service(*given, **named)
        except DomainError as error:
            field = error.field if isinstance(error, FieldError) and error.field in self.fields else None
            cause = f" ({error.__cause__})" if error.__cause__ is not None else ""
            self.add_error(field, f"{error.detail}{cause}")
        return None


class ConfirmedForm(ReasonForm):
    """For what cannot be undone. `typed` must be the name by which `expected()` knows the thing."""

    typed = forms.CharField(label=_("Confirmation"), max_length=80, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["typed"].help_text = gettext("Type “%(name)s”.") % {"name": self.expected()}

    def expected(self) -> str:
        return str(getattr(self.subject, "slug", self.subject))

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip() != self.expected():
            raise forms.ValidationError(gettext("This is not “%(name)s”.") % {"name": self.expected()})
        return typed

    def clean(self) -> dict[str, Any]:
        """The confirmation is no business of the service."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.pop("typed", None)
        return cleaned
