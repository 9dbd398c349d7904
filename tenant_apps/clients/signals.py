"""What the client book tells the storeys above it, inside the transaction of the change: a receiver that raises a
DomainError refuses it.

client_archiving(sender, clients)             before they are put away; not before a merge, which moves what they have
clients_merged(sender, survivor, other, actor)   `other`'s things become `survivor`'s; both are locked
"""

from django.dispatch import Signal

client_archiving = Signal()
clients_merged = Signal()
