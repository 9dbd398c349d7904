"""What organizations pay the platform owner. Public schema; plans, subscriptions and gateways live here."""
