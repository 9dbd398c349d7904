"""The attacks of this suite once more, through a transaction pooler in front of two server connections."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from tests.tenancy.backend import bouncer

ROOT = Path(__file__).resolve().parents[2]
ATTACKS = ["test_urls.py", "test_tasks.py"]


@pytest.mark.pgbouncer
@pytest.mark.skipif(bouncer.binary() is None, reason="pgbouncer is not installed")
@pytest.mark.django_db
def test_the_attacks_fail_there_too() -> None:
    """Another process, with a database of its own behind the pooler. Two: one to work on, one that makes schemas."""
    with bouncer.pgbouncer(connection.settings_dict, servers=2) as through:
        name = f"{connection.settings_dict['NAME']}_pooled"  # its test database is test_<name>
        host = quote(through["HOST"], safe="")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
            "DATABASE_URL": f"postgres://postgres@/{name}?host={host}&port={through['PORT']}&sslmode=disable",
            "REDIS_URL": settings.REDIS_URL,
            "TENANCY_PATH_MODE": "transaction",
            "ISOLATION_EVERY": "5",
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-n0", "-q", "-x", "--create-db", "-p", "no:cacheprovider"]
            + [f"tests/isolation/{file}" for file in ATTACKS],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
