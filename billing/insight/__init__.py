"""What the platform's owner wants to know of billing: revenue and its movement, trials, payments, webhooks."""
