"""The platform owner's admin site under /console/. Higher storeys register their admins, actions and panels with it."""
