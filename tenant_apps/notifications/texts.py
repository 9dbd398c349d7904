"""The built-in words for each event. `{{ client_name }}` stands for a variable, as in an organization's own texts.

A message has a subject and a body. The app and short messages (WhatsApp, SMS) are one line; an e-mail has paragraphs.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = tuple[str | Promise, str | Promise]  # subject, body

# What members read in the app; by e-mail the same under the event's subject.
MEMBERS: dict[str, Text] = {
    "appointment.created": (
        _("New visit: {{ client_name }}"),
        _("{{ client_name }} on {{ date }} at {{ time }}. {{ place }}"),
    ),
    "appointment.changed": (
        _("Visit changed: {{ client_name }}"),
        _("{{ client_name }} is now on {{ date }} at {{ time }}. {{ place }}"),
    ),
    "appointment.cancelled": (
        _("Visit cancelled: {{ client_name }}"),
        _("The visit to {{ client_name }} on {{ date }} at {{ time }} was cancelled. {{ reason }}"),
    ),
    "appointment.reminder": (
        _("Tomorrow: {{ client_name }}"),
        _("{{ client_name }} tomorrow at {{ time }}. {{ place }}"),
    ),
    "entry.overdue_1": (
        _("Overdue: {{ client_name }}"),
        _("{{ client_name }} has not paid {{ amount }} yet ({{ description }}), due on {{ due_date }}."),
    ),
    "entry.overdue_3": (
        _("3 days overdue: {{ client_name }}"),
        _("{{ client_name }} still owes {{ amount }} ({{ description }}), due on {{ due_date }}."),
    ),
    "payment.received": (
        _("Paid: {{ client_name }}"),
        _("{{ client_name }} paid {{ amount }} ({{ description }})."),
    ),
    "payment.reversed": (
        _("Taken back: {{ client_name }}"),
        _("{{ amount }} ({{ description }}) counts no more: {{ reason }}. It is due again."),
    ),
    "report.sent": (_("Report ready: {{ title }}"), _("{{ title }}, {{ period }}, is ready to download.")),
}

EMAILS: dict[str, Text] = {
    "appointment.created": (
        _("Your visit on {{ date }} is booked"),
        _(
            "Hello {{ name }},\n\nyour visit is booked for {{ date }} at {{ time }}.\n{{ services }}\n{{ place }}\n\n"
            "If the time does not suit you, just answer this e-mail.\n\n{{ firm }}"
        ),
    ),
    "appointment.changed": (
        _("Your visit is now on {{ date }}"),
        _(
            "Hello {{ name }},\n\nyour visit has changed: it is now on {{ date }} at {{ time }}.\n{{ services }}\n"
            "{{ place }}\n\nIf the time does not suit you, just answer this e-mail.\n\n{{ firm }}"
        ),
    ),
    "appointment.cancelled": (
        _("Your visit on {{ date }} was cancelled"),
        _(
            "Hello {{ name }},\n\nthe visit on {{ date }} at {{ time }} will not take place.\n{{ reason }}\n\n"
            "To find another day, just answer this e-mail.\n\n{{ firm }}"
        ),
    ),
    "appointment.reminder": (
        _("See you tomorrow at {{ time }}"),
        _(
            "Hello {{ name }},\n\nwe come by tomorrow, {{ date }}, at {{ time }}.\n{{ services }}\n{{ place }}\n\n"
            "Please see that we can get in. If something came up, just answer this e-mail.\n\n{{ firm }}"
        ),
    ),
    "entry.due_soon": (
        _("{{ amount }} due on {{ due_date }}"),
        _(
            "Hello {{ name }},\n\n{{ description }}, {{ amount }}, is due on {{ due_date }}.\n\n"
            "If it is paid already, please disregard this message.\n\n{{ firm }}"
        ),
    ),
    "entry.due_today": (
        _("{{ amount }} is due today"),
        _(
            "Hello {{ name }},\n\n{{ description }}, {{ amount }}, is due today.\n\n"
            "If it is paid already, please disregard this message.\n\n{{ firm }}"
        ),
    ),
    "entry.overdue_1": (
        _("{{ amount }} was due yesterday"),
        _(
            "Hello {{ name }},\n\n{{ description }}, {{ amount }}, was due on {{ due_date }}. It may just have slipped "
            "your mind.\n\nIf it is paid already, please disregard this message.\n\n{{ firm }}"
        ),
    ),
    "entry.overdue_3": (
        _("{{ amount }} is still open"),
        _(
            "Hello {{ name }},\n\n{{ description }}, {{ amount }}, was due on {{ due_date }} and is still open. "
            "If something is wrong with it, just answer this e-mail and we will sort it out.\n\n{{ firm }}"
        ),
    ),
    "payment.received": (
        _("We received your payment of {{ amount }}"),
        _(
            "Hello {{ name }},\n\nwe received {{ amount }} for {{ description }} on {{ paid_on }}. Thank you!\n\n"
            "{{ firm }}"
        ),
    ),
}

SHORT: dict[str, str | Promise] = {
    "appointment.created": _("{{ firm }}: your visit is booked for {{ date }} at {{ time }}."),
    "appointment.changed": _("{{ firm }}: your visit is now on {{ date }} at {{ time }}."),
    "appointment.cancelled": _("{{ firm }}: the visit on {{ date }} at {{ time }} was cancelled."),
    "appointment.reminder": _("{{ firm }}: we come by tomorrow, {{ date }}, at {{ time }}."),
    "entry.due_soon": _("{{ firm }}: {{ description }}, {{ amount }}, is due on {{ due_date }}. {{ link }}"),
    "entry.due_today": _("{{ firm }}: {{ description }}, {{ amount }}, is due today. {{ link }}"),
    "entry.overdue_1": _("{{ firm }}: {{ description }}, {{ amount }}, was due on {{ due_date }}. {{ link }}"),
    "entry.overdue_3": _("{{ firm }}: {{ description }}, {{ amount }}, is still open. {{ link }}"),
    "payment.received": _("{{ firm }}: we received {{ amount }}. Thank you!"),
}
