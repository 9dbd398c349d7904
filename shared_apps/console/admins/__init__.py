"""The admins of the apps below the console, which cannot register them themselves."""

from shared_apps.console.admins import audit, jobs, mails, organizations, people, schemas, support

__all__ = ["audit", "jobs", "mails", "organizations", "people", "schemas", "support"]
