"""What staff did in the console. Django's own LogEntry has every edit; what needs a reason is written here as well."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel
from shared_apps.organizations.models import Organization


class ConsoleAction(UUIDModel):
    """Somebody of the staff did something to something, and said why. Rows are only added."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_email = models.EmailField()  # stays when the person is gone
    action = models.CharField(max_length=60)  # "organizations.suspend"
    subject = models.CharField(max_length=60)  # "organizations.organization"
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=200)  # stays when the thing is gone
    organization = models.ForeignKey(Organization, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=200)
    details = models.JSONField(default=dict, blank=True)  # what was asked for
    outcome = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("action of the staff")
        verbose_name_plural = _("actions of the staff")
        indexes = [models.Index(fields=["organization", "-at"], name="console_action_organization")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_name}"


class PlatformFigures(UUIDModel):
    """How the platform stood at the end of a day of its own (figures.py); the present day's row is an hour old at most.

    `figures`: by the name of who counts and of what, as "organizations.is_active".
    """

    day = models.DateField(unique=True)
    figures = models.JSONField(default=dict)
    counted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.day}"


class FeatureFlag(UUIDModel):
    """Something that not every organization has yet. Code asks `flags.allowed(name)`, never this table."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    percent = models.PositiveSmallIntegerField(_("percent of organizations"), default=0)
    note = models.CharField(_("what it is"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("feature flag")
        verbose_name_plural = _("feature flags")
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="console_flag_percent"),
        ]

    def __str__(self) -> str:
        return self.name


class FlagChoice(UUIDModel):
    """One organization has it, or has it not, whatever the percentage says."""

    flag = models.ForeignKey(FeatureFlag, on_delete=models.CASCADE, related_name="choices")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    is_on = models.BooleanField(_("has it"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flag", "organization"], name="console_flag_choice_once")]

    def __str__(self) -> str:
        return f"{self.flag_id} {self.organization_id}"
