"""Wait until the database of DATABASE_URL answers: `wait_for_database.py SECONDS`. Exit 1 when it never does."""

import os
import sys
import time

import psycopg


def main(seconds: float) -> int:
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        print("DATABASE_URL is not set.", file=sys.stderr)
        return 1
    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                print(f"The database did not answer within {seconds:g} s: {error}", file=sys.stderr)
                return 1
            time.sleep(1)
        else:
            return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
