"""What an action asks: why, and where it cannot be undone the thing's name, typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from shared_apps.core.errors import DomainError
from shared_apps.web.forms import Form

T = TypeVar("T")


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

    def attempt(self, service: Callable[..., T], *given: Any, **named: Any) -> T | None:
        try:
            return super().attempt(service, *given, **named)
        except DomainError as error:
            self.add_error(None, error.detail)
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
