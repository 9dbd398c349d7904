#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL or REDIS_URL it uses the embedded servers, starting them if need be."""

import os
import sys

# Commands that touch neither server: they must not wait for one to start.
OFFLINE = {"help", "version", "--version", "--help", "-h", "compilemessages", "makemessages"}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    os.environ.setdefault("LOG_STREAM", "stderr")  # standard output is the command's answer, perhaps for a machine
    from config import embedded  # the settings import it too; production finds both addresses in the environment

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command not in OFFLINE and not os.environ["DJANGO_SETTINGS_MODULE"].endswith(".prod"):
        try:
            found = embedded.ensure()
        except embedded.EmbeddedServerError as error:
            print(error, file=sys.stderr)
            return 1
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = found.database_url, found.redis_url

    from shared_apps.tenancy.fleet import quick

    if quick.nothing_to_migrate(sys.argv[1:]):
        print(quick.SAID)
        return 0

    from django.core.management import execute_from_command_line

    from shared_apps.tenancy import context

    with context.public():  # a command says itself when it means an organization
        execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
