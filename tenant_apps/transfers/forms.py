"""What people say when they import and export."""

from __future__ import annotations

import io
from typing import Any, BinaryIO

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form
from tenant_apps.clients.models import CustomField
from tenant_apps.transfers import cells, columns
from tenant_apps.transfers.kinds import ROW_KINDS
from tenant_apps.transfers.models import Import


class UploadForm(Form):
    """A file, or cells copied from a spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,  # the reading says it better
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    pasted = forms.CharField(
        label=_("Or paste the cells here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mark them in your spreadsheet, header and all, and copy them."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file = values.get("file")
        if not self.errors and not file and not values.get("pasted", "").strip():
            self.add_error("file", _("Choose a file."))
        if file and file.size > settings.IMPORT_MAX_BYTES:
            most = filesizeformat(settings.IMPORT_MAX_BYTES)
            self.add_error("file", _("The file is larger than %(most)s. Split it.") % {"most": most})
        return values

    @property
    def table(self) -> BinaryIO:
        file = self.cleaned_data.get("file")
        return file or io.BytesIO(self.cleaned_data["pasted"].encode())

    @property
    def name(self) -> str:
        file = self.cleaned_data.get("file")
        return file.name if file else str(_("pasted.csv"))


class ColumnsForm(Form):
    """For each column of the file the field it leads to."""

    has_header = forms.BooleanField(label=_("The first row names the columns"), required=False)
    duplicates = forms.ChoiceField(
        label=_("Clients you have already (same CPF or CNPJ, or same e-mail)"),
        choices=Import.Duplicates.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, source: Import, data: QueryDict | None = None) -> None:
        self.source = source
        super().__init__(
            data, initial={"has_header": source.reading.get("has_header"), "duplicates": source.duplicates}
        )
        kind = ROW_KINDS.get(source.kind)
        fields = kind.fields if kind else columns.all_fields(CustomField.objects.all())
        choices = [("", _("Leave out")), *((field.key, field.label) for field in fields)]
        if kind:
            self.fields["duplicates"] = forms.ChoiceField(
                label=_("Those you have already"),
                choices=[("skip", _("Leave them as they are")), ("create", _("Add them again"))],
                widget=forms.RadioSelect,
            )
        for number in range(self.width):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=self.header(number),
                choices=choices,
                required=False,
                initial=source.mapping.get(str(number), ""),
                widget=forms.Select(attrs={"aria-label": self.header(number)}),
            )

    @cached_property
    def width(self) -> int:
        return max(map(len, self.source.head), default=0)

    def header(self, number: int) -> str:
        """What stands above the column, else its letter in a spreadsheet."""
        row = self.source.head[0] if self.source.head and self.source.reading.get("has_header") else []
        letter = chr(65 + number) if number < 26 else chr(64 + number // 26) + chr(65 + number % 26)
        return (row[number] if number < len(row) else "") or str(_("Column %(letter)s") % {"letter": letter})

    def columns(self) -> list[dict[str, Any]]:
        """For the page: each column with its first values beside the choice."""
        samples = self.source.head[1 if self.source.reading.get("has_header") else 0 :]
        return [
            {
                "header": self.header(number),
                "field": self[f"column_{number}"],
                "samples": [cell for cell in columns.column_of(samples, number) if cell][:3],
            }
            for number in range(self.width)
        ]

    @property
    def mapping(self) -> dict[str, str]:
        return {str(number): key for number in range(self.width) if (key := self.cleaned_data[f"column_{number}"])}


class ExportForm(Form):
    """Which columns, and in which kind of file."""

    kind = forms.ChoiceField(
        label=_("Kind of file"), choices=[("xlsx", "Excel (.xlsx)"), ("csv", "CSV")], widget=forms.RadioSelect
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"kind": "xlsx"})
        offered = cells.offered(CustomField.objects.all())
        custom = [column.key for column in offered if column.key.startswith(columns.CUSTOM)]
        self.fields["columns"] = forms.MultipleChoiceField(
            label=_("Columns"),
            choices=[(column.key, column.label) for column in offered],
            initial=[*cells.STANDARD, *custom],
            widget=forms.CheckboxSelectMultiple,
        )
