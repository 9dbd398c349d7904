"""THE door for tenant apps: what an organization's plan allows."""
