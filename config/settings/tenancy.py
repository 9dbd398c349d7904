"""The tenancy engine: where organizations are found, and how their schemas are made, migrated and visited."""

from config.environment import env

PLATFORM_DOMAIN = env("PLATFORM_DOMAIN", default="localhost")
# What people are told to open, and where sign-in leads: https and no port, unless a machine is tried out without TLS.
PUBLIC_SCHEME, PUBLIC_PORT = env("PUBLIC_SCHEME", default="https"), env("PUBLIC_PORT", default="")
ORGANIZATION_URL = f"{PUBLIC_SCHEME}://{{host}}{f':{PUBLIC_PORT}' if PUBLIC_PORT else ''}"
# "session": SET search_path when it changes. "transaction": only SET LOCAL, for transaction poolers such as PgBouncer.
TENANCY_PATH_MODE = env("TENANCY_PATH_MODE", default="session")
# A database backend keeps about 0.3 MB for each schema it ever touched; past this many it is replaced by a fresh one.
TENANCY_SCHEMAS_PER_CONNECTION = env.int("TENANCY_SCHEMAS_PER_CONNECTION", default=100)
TENANCY_POOL_SIZE = env.int("TENANCY_POOL_SIZE", default=5)
# Fleet migrations: parallel connections; schemas that share a transaction (1 on a distributed PostgreSQL); how many go
# ahead of the rest; the waves in which the rest follows (cumulated percent); percent of failures that stop a run.
TENANCY_FLEET_CONNECTIONS = env.int("TENANCY_FLEET_CONNECTIONS", default=2)
TENANCY_FLEET_SCHEMAS_PER_TRANSACTION = env.int("TENANCY_FLEET_SCHEMAS_PER_TRANSACTION", default=8)
TENANCY_FLEET_CANARIES = env.int("TENANCY_FLEET_CANARIES", default=3)
TENANCY_FLEET_WAVES = [int(percent) for percent in env.list("TENANCY_FLEET_WAVES", default=[])]
TENANCY_FLEET_MAX_FAILURES = env.int("TENANCY_FLEET_MAX_FAILURES", default=20)
TENANCY_LOCK_TIMEOUT_MS = env.int("TENANCY_LOCK_TIMEOUT_MS", default=2000)
TENANCY_DELETE_GRACE_DAYS = env.int("TENANCY_DELETE_GRACE_DAYS", default=30)
TENANCY_JOB_SHARES = env.int("TENANCY_JOB_SHARES", default=4)
TENANCY_JOBS_IN_FLIGHT = env.int("TENANCY_JOBS_IN_FLIGHT", default=2)
TENANCY_CELERY_APP = "config.celery.app"
# Tables whose rows every new schema starts with, copied from the template.
TENANCY_SEED_TABLES = ["django_migrations"]
# Called with the name of each schema right after it was made (dotted path; empty: nothing to do on plain PostgreSQL).
TENANCY_AFTER_CREATE = env("TENANCY_AFTER_CREATE", default="")
