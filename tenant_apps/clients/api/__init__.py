"""The client book over HTTP."""
