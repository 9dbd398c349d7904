"""What the calendar tells the storeys above it, inside the transaction of the change: a receiver that raises undoes it.

appointment_done(sender, appointment, actor)              it was completed
appointment_undone(sender, appointment, actor)            it is no longer done: somebody reopened it
appointment_changed(sender, appointment, actor, change)   `change` is created, changed, cancelled or restored

contract_changed(sender, contract, actor, change, gone)   a person made or changed a series: `change` is created,
    changed or noted (only words or money); `gone` is when the first of the visits was that fell away, or None. The
    visits that come and go with it send nothing themselves, and the night that plans further ahead nothing at all.
"""

from django.dispatch import Signal

appointment_done = Signal()
appointment_undone = Signal()
appointment_changed = Signal()
contract_changed = Signal()
