"""What the money book tells whoever acts on it, inside the transaction of the change: a receiver that raises undoes it.

entry_changed(sender, entry)    it is not owed as it was: paid, reversed, cancelled, or other in what is due and when
entry_removing(sender, entry)   before it is deleted: a receiver that raises a DomainError refuses it
"""

from django.dispatch import Signal

entry_changed = Signal()
entry_removing = Signal()
