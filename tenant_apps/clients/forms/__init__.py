"""What people type on the clients' pages."""
