"""The three things higher storeys may want to react to. Receivers live in the reacting app's `receivers.py`."""

from django.dispatch import Signal

organization_opened = Signal()  # organization: its schema is ready and it became active (sent inside its schema)
organization_closed = Signal()  # organization: it was archived or is being deleted
members_changed = Signal()  # organization, user_ids: memberships were added or changed (sent inside its schema)
