"""The client book's pages."""
