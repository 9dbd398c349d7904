"""What is sold, when it is done, by whom, and what repeats."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shared_apps.core.models import UUIDModel, Versioned
from tenant_apps.scheduling.lanes import Lane


class Offering(Versioned):
    """Something the organization sells: a kind of visit, how long it takes and what it costs."""

    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    duration_minutes = models.PositiveSmallIntegerField(_("duration in minutes"), default=60)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0)
    colour = models.CharField(_("colour"), max_length=7, default="#b45309")
    checklist = ArrayField(models.CharField(max_length=160), verbose_name=_("checklist"), default=list, blank=True)
    readings = ArrayField(models.CharField(max_length=20), verbose_name=_("readings"), default=list, blank=True)
    is_active = models.BooleanField(_("is offered"), default=True)

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class Contract(Versioned):
    """A client's recurring service. `rrule` (RFC 5545, without DTSTART) and `starts_on` say on which days; visits are
    made a rolling window ahead, each once (`Appointment.occurrence_on`). Times are local to the organization."""

    class Billing(models.TextChoices):
        NONE = "none", _("not by the contract")
        VISIT = "visit", _("per visit")
        ADVANCE = "advance", _("monthly, in advance")
        ARREARS = "arrears", _("monthly, in arrears")

    client = models.ForeignKey("clients.Client", on_delete=models.RESTRICT, related_name="contracts")
    place = models.ForeignKey("clients.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    notes = models.TextField(_("notes"), blank=True)
    rrule = models.CharField(_("repeats"), max_length=300)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True)  # the last day that may have a visit
    time = models.TimeField(_("time"))
    duration_minutes = models.PositiveSmallIntegerField(_("duration in minutes"), default=60)
    arrival_minutes = models.PositiveSmallIntegerField(_("arrival window in minutes"), default=0)
    member_ids = ArrayField(
        models.UUIDField(), verbose_name=_("professionals"), default=list, blank=True
    )  # team.Member
    billing = models.CharField(_("billing"), max_length=7, choices=Billing, default=Billing.NONE)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0)  # per visit or per month
    billing_day = models.PositiveSmallIntegerField(_("due day of the month"), default=10)  # 29 to 31: the last day
    continues = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="continued_by"
    )  # "this and following" ends one contract and starts another
    generated_until = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["client", "starts_on"], name="scheduling_contract_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="scheduling_contract_order"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ContractVariation(UUIDModel):
    """From one day until another (None: until further notice) a contract is paused (`rrule` empty) or follows another
    rhythm, once or every year (`is_yearly`: the days' months and days count)."""

    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="variations")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    is_yearly = models.BooleanField(_("every year"), default=False)
    rrule = models.CharField(_("repeats"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.reason


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def standing(self) -> Self:
        return self.filter(cancellation=None)

    def between(self, start: datetime, end: datetime) -> Self:
        """Those that overlap the half-open time from `start` to `end`."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Appointment(Versioned):
    """A visit to a client. Who goes are its `bookings`, what is done its `lines`.

    `starts_at` to `ends_at` is the time reserved in the professionals' days; where `arrival_until` is set the client is
    told "between starts_at and arrival_until". `cancellation` is the cancellation in force."""

    class Status(models.TextChoices):
        PENDING = "pending", _("pending")
        CONFIRMED = "confirmed", _("confirmed")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")
        NO_SHOW = "no_show", _("no-show")

    client = models.ForeignKey("clients.Client", on_delete=models.RESTRICT, related_name="appointments")
    place = models.ForeignKey("clients.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    arrival_until = models.DateTimeField(_("arrival until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PENDING)
    notes = models.TextField(_("notes"), blank=True)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0)
    position = models.PositiveSmallIntegerField(_("order in the route"), null=True, blank=True)
    contract = models.ForeignKey(
        Contract, null=True, blank=True, on_delete=models.SET_NULL, related_name="appointments"
    )
    occurrence_on = models.DateField(null=True, blank=True)  # the day the contract's rule gave; it never changes
    is_detached = models.BooleanField(default=False)  # edited by itself: a change of the whole series leaves it alone
    cancellation = models.OneToOneField(
        "Cancellation", null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    finished_at = models.DateTimeField(null=True, blank=True)  # when it was done, or the client did not show

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="scheduling_appointment_order"),
            models.UniqueConstraint(fields=["contract", "occurrence_on"], name="scheduling_occurrence_once"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="scheduling_appointment_start"),
            models.Index(fields=["client", "-starts_at"], name="scheduling_appointment_client"),
        ]

    def __str__(self) -> str:
        return f"{self.client.name}"


class Cancellation(UUIDModel):
    """An appointment was called off: by whom, when and why; and, if it stands again, who took that back."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="cancellations")
    by = models.ForeignKey("team.Member", null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    undone_by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.reason


class Booking(UUIDModel):
    """A professional's time taken by an appointment. Derived from it: `services` keep times and `stands` in step.

    The database itself refuses two standing ones that overlap in one professional's day.
    """

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="bookings")
    member = models.ForeignKey("team.Member", on_delete=models.RESTRICT, related_name="bookings")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    stands = models.BooleanField(default=True)  # not cancelled

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "member"], name="scheduling_booking_once"),
            ExclusionConstraint(
                name="scheduling_no_double_booking", expressions=[(Lane(), "&&")], condition=Q(stands=True)
            ),
        ]
        indexes = [models.Index(fields=["member", "starts_at"], name="scheduling_booking_member")]

    def __str__(self) -> str:
        return f"{self.member}"


class Line(UUIDModel):
    """What is done at an appointment, or at every visit of a contract: an offering, on an asset or on none."""

    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.CASCADE, related_name="lines")
    contract = models.ForeignKey(Contract, null=True, blank=True, on_delete=models.CASCADE, related_name="lines")
    offering = models.ForeignKey(Offering, on_delete=models.RESTRICT, related_name="+")
    asset = models.ForeignKey("clients.Asset", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    quantity = models.DecimalField(_("quantity"), max_digits=9, decimal_places=2, default=1)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, default=0)  # of one
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(appointment=None) ^ Q(contract=None), name="scheduling_line_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.offering}"


class WorkingHours(UUIDModel):
    """When a professional works on a weekday (0 Monday ... 6 Sunday), local time. Two rows leave room for lunch."""

    member = models.ForeignKey("team.Member", on_delete=models.CASCADE, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="scheduling_hours_order"),
            models.UniqueConstraint(fields=["member", "weekday", "starts"], name="scheduling_hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts} - {self.ends}"


class DayOff(UUIDModel):
    """Days on which a professional, or with `member` None the whole firm, does not work."""

    member = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="scheduling_dayoff_order")]

    def __str__(self) -> str:
        return self.reason


class SchedulePolicy(UUIDModel):
    """How this organization plans; one row (services.policy() makes it)."""

    country = models.CharField(_("country of the holidays"), max_length=2, default="BR")
    state = models.CharField(_("state of the holidays"), max_length=3, blank=True)
    works_on_holidays = models.BooleanField(_("works on holidays"), default=False)
    weeks_ahead = models.PositiveSmallIntegerField(_("weeks planned ahead"), default=8)
    only = models.BooleanField(default=True, unique=True, editable=False)  # there is one row

    def __str__(self) -> str:
        return self.country


class CalendarFeed(UUIDModel):
    """A member's private iCal address. Only a hash of its token is kept; a new one revokes the old."""

    member = models.OneToOneField("team.Member", on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.member}"
