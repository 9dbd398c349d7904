"""What organizations were asked for, and what they paid, as the gateways have it."""
