"""The command line of the plain project: `python -m tests.bench.vanilla.manage migrate_schemas`."""

import os

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    import sys

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.vanilla.settings")
    execute_from_command_line(sys.argv)
