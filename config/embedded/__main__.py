"""``python -m config.embedded start | stop | status``"""

import argparse
import sys

from . import EmbeddedServerError, ensure, start, stop
from .places import ROOT, Places


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description="The embedded PostgreSQL and Redis.")
    parser.add_argument("command", choices=("start", "stop", "status"))
    command = parser.parse_args().command
    try:
        if command == "start":
            for server in start():
                print(f"{server.name} started.")
            found = ensure()
            print(f"DATABASE_URL={found.database_url}\nREDIS_URL={found.redis_url}")
        elif command == "stop":
            for server in stop():
                print(f"{server.name} stopped.")
        else:
            return _status()
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _status() -> int:
    """Exit 0 when both run, 3 when not (as init scripts do)."""
    from .postgres import Postgres
    from .valkey import Valkey

    up = {server.name: server.is_up() for server in (Postgres(Places(ROOT)), Valkey(Places(ROOT)))}
    for name, running in up.items():
        print(f"{name}: {'running' if running else 'stopped'}")
    return 0 if all(up.values()) else 3


if __name__ == "__main__":
    sys.exit(main())
