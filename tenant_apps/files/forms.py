"""What is sent to a panel of files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shared_apps.web.forms import Form

ACCEPTED = "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.csv,.txt"


class UploadForm(Form):
    """The files themselves are read by `uploaded()`: some of several may be right and some wrong."""

    file = forms.Field(label=_("Add files"), required=False)
