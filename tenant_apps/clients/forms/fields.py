"""A field that the organization adds to its clients."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form, TextField
from tenant_apps.clients import words
from tenant_apps.clients.models import CustomField


class FieldForm(Form):
    label = TextField(limit=80, label=_("Name"), help_text=_("As your team calls it: Pool type, Gate code."))
    type = forms.ChoiceField(label=_("What one enters"), choices=CustomField.Type.choices)
    choices = forms.CharField(
        label=_("Choices"),
        required=False,
        max_length=5000,
        help_text=_("Only for a choice: one on each line."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    required = forms.BooleanField(label=_("Every client must have it"), required=False)
    position = forms.IntegerField(
        label=_("Position"), min_value=0, max_value=999, initial=0, help_text=_("Small numbers come first.")
    )

    def __init__(self, *args: Any, field: CustomField | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.field = field
        if field is not None:
            self.fields["type"].disabled = True  # values depend on it
            self.initial = {
                "label": field.label,
                "type": field.type,
                "choices": "\n".join(field.choices),
                "required": field.required,
                "position": field.position,
            }

    def clean_choices(self) -> list[str]:
        return [line.strip()[:80] for line in self.cleaned_data["choices"].splitlines() if line.strip()][:100]


def key_for(label: str, taken: Collection[str]) -> str:
    """The key of a new field: its name in small letters; a number behind it when that is taken."""
    pieces = re.findall(r"[a-z0-9]+", words.normalise(label))
    key = "_".join(pieces)[:36]
    key = key if key[:1].isalpha() else f"field_{key}"[:36].rstrip("_")
    return next(one for n in range(1, len(taken) + 2) if (one := key if n == 1 else f"{key}_{n}") not in taken)
