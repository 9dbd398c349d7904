"""The engine's own books, in public: which schemas exist, in which state, and what was done to them."""

from shared_apps.tenancy.models.fleet import MigrationRun, MigrationScript
from shared_apps.tenancy.models.jobs import DueWork, JobRefusal, JobRun, PendingJob
from shared_apps.tenancy.models.schemas import ProvisionStep, Schema, Tombstone

__all__ = [
    "DueWork",
    "JobRefusal",
    "JobRun",
    "MigrationRun",
    "MigrationScript",
    "PendingJob",
    "ProvisionStep",
    "Schema",
    "Tombstone",
]
