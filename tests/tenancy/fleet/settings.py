"""The test settings with the migrations of one tenant app taken from elsewhere: for processes that a test starts."""

import os

from config.settings.test import *  # noqa: F403

MIGRATION_MODULES = {"activity": os.environ["FLEET_TEST_MIGRATIONS"]}
TENANCY_FLEET_CONNECTIONS = int(os.environ.get("FLEET_TEST_CONNECTIONS", "2"))
TENANCY_FLEET_SCHEMAS_PER_TRANSACTION = int(os.environ.get("FLEET_TEST_GROUP", "8"))
