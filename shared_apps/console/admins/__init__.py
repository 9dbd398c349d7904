"""The admins of the apps below the console, which cannot register them themselves."""

from shared_apps.console.admins import audit, flags, jobs, mails, organizations, people, schemas, support

__all__ = ["audit", "flags", "jobs", "mails", "organizations", "people", "schemas", "support"]
