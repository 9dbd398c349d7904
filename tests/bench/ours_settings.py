"""Colmeia as it runs in production, on the benchmark's servers."""

from config.settings.test import *  # noqa: F403
from tests.bench.migrations_of import migration_modules

ALLOWED_HOSTS = ["*"]
MIGRATION_MODULES = migration_modules()
TENANCY_POOL_SIZE = 0  # the pool is filled when a measurement needs it
