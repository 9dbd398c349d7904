"""What the calendar tells the storeys above it, inside the transaction of the change: a receiver that raises undoes it.

appointment_done(sender, appointment, actor)              it was completed
appointment_undone(sender, appointment, actor)            it is no longer done: somebody reopened it
appointment_changed(sender, appointment, actor, change)   `change` is created, changed, cancelled or restored
"""

from django.dispatch import Signal

appointment_done = Signal()
appointment_undone = Signal()
appointment_changed = Signal()
