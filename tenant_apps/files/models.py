"""Photos and documents that hang on something of the organization's."""

from __future__ import annotations

from typing import Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def of(self, subject_type: str, subject_id: UUID) -> Self:
        return self.filter(subject_type=subject_type, subject_id=subject_id)

    def standing(self) -> Self:
        return self.filter(removal=None)

    def removed(self) -> Self:
        return self.exclude(removal=None)


class Attachment(UUIDModel):
    """One file. `subject_*` name what it hangs on (see subjects.py); `file` and `thumbnail` are names in the storage.

    `size` in bytes, `width` and `height` in pixels and `sha256` are those of the file as it is kept, which for a photo
    is not the file that was sent.
    """

    subject_type = models.CharField(max_length=40)  # "clients.client"
    subject_id = models.UUIDField()
    name = models.CharField(_("name"), max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size"))
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    file = models.CharField(max_length=60)
    thumbnail = models.CharField(max_length=60, blank=True)
    uploaded_by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="files_of_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def is_shown_inline(self) -> bool:
        """Only what a browser shows without running anything of it."""
        return self.content_type in {"image/jpeg", "image/png", "image/webp", "application/pdf"}

    @property
    def ending(self) -> str:
        return self.name.rpartition(".")[2].upper()


class Removal(UUIDModel):
    """An attachment is in the trash. It comes back when this row goes, until settings.FILES_TRASH_DAYS are over."""

    attachment = models.OneToOneField(Attachment, on_delete=models.CASCADE, related_name="removal")
    by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.at)
