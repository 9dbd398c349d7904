"""What gateways tell us: kept first, believed never, worked off once."""
