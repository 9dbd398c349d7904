"""What higher storeys may want to react to. Receivers live in the reacting app's `receivers.py`.

Each is sent inside the organization's schema and inside the transaction of the change.
"""

from django.dispatch import Signal

organization_opened = Signal()  # organization: its schema is ready and it became active
organization_closed = Signal()  # organization: it was archived or is being deleted
organization_changed = Signal()  # organization, user_id (None: the system), before, after: its settings
members_changed = Signal()  # organization, user_ids (None: all): memberships were added or changed
# organization, size ("small" unless told): fill it with made-up data, unless that was done; answers say what was made
organization_demo_requested = Signal()
