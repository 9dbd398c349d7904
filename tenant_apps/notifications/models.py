"""What members and clients are told, through which channels, and that each was told once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel


class Channel(models.TextChoices):
    APP = "app", _("in the app")
    EMAIL = "email", _("e-mail")
    WHATSAPP = "whatsapp", "WhatsApp"
    SMS = "sms", "SMS"


class Notification(UUIDModel):
    """One message to one recipient through one channel; at most one for each subject, event, channel and day.

    `recipient_id` is a team.Member or a clients.Client, `subject_*` an appointment, an entry ...: no foreign keys, the
    message outlives them. Through the channel "app" it is what the bell shows; through others a task delivers it.
    """

    class Recipient(models.TextChoices):
        MEMBER = "member", _("member")
        CLIENT = "client", _("client")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        OVER = "over", _("over the plan's limit")  # never sent: the month's messages were used up
        LEFT_OUT = "left", _("left out")  # never sent: when its time came its reader was not to be written to

    class Reason(models.TextChoices):
        """Why a message was left out; it stands in `error`."""

        OPTED_OUT = "opted_out", _("opted out")
        GONE = "gone", _("archived or removed since")
        NO_ADDRESS = "no_address", _("has no address any more")

    event = models.CharField(max_length=40)  # "appointment.reminder": see events.py
    subject_type = models.CharField(max_length=40)  # "scheduling.appointment"
    subject_id = models.UUIDField()
    recipient_type = models.CharField(max_length=6, choices=Recipient)
    recipient_id = models.UUIDField()
    channel = models.CharField(max_length=8, choices=Channel)
    day = models.DateField()  # in the organization's time zone
    address = models.CharField(max_length=254, blank=True)  # e-mail address or E.164 phone
    locale = models.CharField(max_length=10, blank=True)
    values = models.JSONField(default=dict)  # what the template's variables stand for
    url = models.CharField(max_length=300, blank=True)  # where in the app it leads
    status = models.CharField(max_length=7, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_id", "event", "recipient_id", "channel", "day"], name="notifications_told_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient_id", "-created_at"], condition=Q(channel="app"), name="notifications_bell"),
            models.Index(
                fields=["next_try_at"], condition=Q(status__in=["pending", "sending"]), name="notifications_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.event

    @property
    def why(self) -> str:
        """What became of it, in words: of a reason of ours in the reader's language, else what the provider said."""
        return str(self.Reason(self.error).label) if self.status == self.Status.LEFT_OUT else self.error


class Preference(UUIDModel):
    """A member or a client wants, or does not want, to be told of an event (empty: of any) through a channel.

    For clients it is their consent, so it is history: `at` and `by` say since when and who entered it.
    """

    recipient_type = models.CharField(max_length=6, choices=Notification.Recipient)
    recipient_id = models.UUIDField()
    event = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=8, choices=Channel)
    wanted = models.BooleanField()
    by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source = models.CharField(max_length=20, blank=True)  # "member", "link", "import"
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_id", "event", "channel"], name="notifications_preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel}"


class ChannelAccount(UUIDModel):
    """The organization's own account with a channel's provider. The secret is sealed and never shown again.

    `account` and `sender` are the provider's names for whom it knows and whence a message comes; no secrets.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being tried")
        READY = "ready", _("works")
        REFUSED = "refused", _("refused")
        UNSURE = "unsure", _("not confirmed")

    channel = models.CharField(max_length=8, choices=Channel, unique=True)
    account = models.CharField(max_length=40, blank=True)
    sender = models.CharField(max_length=40)
    secret = models.TextField()
    secret_end = models.CharField(max_length=4, blank=True)  # by which people tell keys apart
    state = models.CharField(max_length=8, choices=State, default=State.CHECKING)
    problem = models.CharField(max_length=300, blank=True)
    known_as = models.CharField(max_length=120, blank=True)  # what the provider calls it
    checked_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.channel


class Template(UUIDModel):
    """The organization's own words for an event; without a row the built-in ones speak."""

    event = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel)
    locale = models.CharField(max_length=10)
    subject = models.CharField(_("subject"), max_length=150, blank=True)
    body = models.TextField(_("text"))
    provider_name = models.CharField(max_length=120, blank=True)  # of a template WhatsApp has approved
    updated_by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "channel", "locale"], name="notifications_template_once"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.channel} {self.locale}"
