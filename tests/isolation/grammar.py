"""What is planted where a made-up word would not do: columns whose values follow rules of their own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = datetime.now(UTC)

GRAMMAR: dict[str, dict[str, Any]] = {
    "acme": {
        "clients.Client.document": "52998224725",
        "clients.Client.phone": "+5511987650001",
        "clients.Place.postal_code": "01310100",
        "finance.FinancePolicy.pix_key": "zqacme-pix@acme.example",
    },
    "globex": {
        "clients.Client.document": "11144477735",
        "clients.Client.phone": "+5511987650002",
        "clients.Place.postal_code": "20040002",
        "finance.FinancePolicy.pix_key": "zqglobex-pix@globex.example",
    },
    "both": {
        "clients.Place.state": "SP",
        "files.Attachment.subject_type": "clients.client",
        "files.Attachment.content_type": "text/plain",
        "clients.Archival.restored_at": WHEN,  # an old one: the planted client stands
        "clients.CustomField.type": "text",
        "clients.CustomField.choices": [],
        "clients.CustomField.required": False,
        "team.Member.role": "viewer",
        "transfers.Import.state": "checking",
        "transfers.Import.kind": "clients",
        "transfers.Export.wanted": {"kind": "csv", "columns": ["name"], "language": "en", "wanted": {}, "ids": []},
        "scheduling.Contract.rrule": "FREQ=WEEKLY",
        "scheduling.ContractVariation.rrule": "FREQ=WEEKLY;INTERVAL=2",
        "scheduling.Appointment.ends_at": WHEN + timedelta(hours=1),
        "scheduling.Appointment.finished_at": None,
        "scheduling.Booking.ends_at": WHEN + timedelta(hours=1),
        "scheduling.Cancellation.undone_at": WHEN,  # an old one: the planted appointment stands
        "scheduling.Offering.readings": ["ph"],
        "scheduling.Offering.colour": "#b45309",
        "transfers.Import.errors": [],
        "transfers.Import.head": [],
        "visits.Dose.unit": "g",
        "scheduling.Offering.duration_minutes": 60,
        "scheduling.WorkingHours.weekday": 0,
        "scheduling.WorkingHours.starts": time(8),
        "scheduling.WorkingHours.ends": time(18),
        "scheduling.SchedulePolicy.country": "BR",
        "scheduling.SchedulePolicy.state": "SP",
        "visits.Reading.kind": "ph",
        "visits.VisitReport.checklist": [],
        "visits.VisitReport.checked_in_at": NOW - timedelta(hours=3),
        "visits.VisitReport.checked_out_at": NOW - timedelta(hours=2),
        "finance.Entry.amount": "150.00",
        "finance.Entry.paid": "0.50",  # what the planted payment settles: 0.50 - 0.25 + 0.25
        "finance.Entry.discount": "0.75",
        "finance.Entry.settled_on": None,
        "finance.Payment.amount": "0.50",
        "finance.Payment.extra": "0.25",
        "finance.Payment.discount": "0.25",
        "finance.Recurrence.day": 7,
        "finance.EntryCancellation.undone_at": WHEN,  # an old one: the planted entry stands
        "finance.ChargeLink.revoked_at": None,
        "finance.FinancePolicy.pix_city": "SAO PAULO",
        "notifications.Notification.event": "appointment.reminder",
        "notifications.Notification.recipient_type": "member",
        "notifications.Template.event": "appointment.reminder",
        "reports.Run.report": "clients",
        "reports.Subscription.report": "clients",
        "team.Member.is_active": False,  # the planted member signs in nowhere; the cast does
    },
}

# Foreign keys that stay empty: they would say what does not hold (that the client is archived).
EMPTY = {
    "clients.Client.archival",
    "scheduling.Appointment.cancellation",
    "scheduling.Contract.continues",  # not itself
    "scheduling.Line.contract",  # a line is of an appointment or of a contract
    "finance.Entry.cancellation",
    "finance.Entry.recurrence",  # it is the contract's
    "finance.Payment.reversal",
}
WANTED = {"scheduling.Line.appointment"}
