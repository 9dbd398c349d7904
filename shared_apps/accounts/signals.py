"""What storeys above may want to tell the person about."""

from django.dispatch import Signal

# Arguments: user, sign_in (accounts.SignIn). Sent inside the transaction that writes it down.
new_device_seen = Signal()
