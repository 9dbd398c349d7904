"""What runs by itself in an organization is told to its owner by a name."""

from __future__ import annotations

from shared_apps.tenancy.jobs import all_jobs
from tests.isolation.tasks import SAMPLES, registered


def test_every_job_that_visits_organizations_has_a_name_for_people() -> None:
    registered()
    jobs = [job for job in all_jobs() if job.is_visiting and not job.name.startswith(SAMPLES)]
    assert len(jobs) > 10
    assert [job.name for job in jobs if not job.label] == []
