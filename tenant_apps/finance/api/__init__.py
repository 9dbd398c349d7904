"""The money book over HTTP."""
