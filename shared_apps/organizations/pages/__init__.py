"""What an organization's owner and administrators set, in the browser."""
