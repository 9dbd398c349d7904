"""Whether this container does its work: `healthcheck.py web | worker | beat`. Exit 0 healthy, else 1."""

import os
import socket
import subprocess
import sys
import urllib.request

import psycopg

# Beat writes its times down every three minutes; a few of those missed means that it hangs.
BEAT_SILENCE = "10 minutes"


def web() -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}/healthz",
        headers={"Host": os.environ["PLATFORM_DOMAIN"], "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        return answer.status == 200


def worker() -> bool:
    name = f"celery@{socket.gethostname()}"
    ping = ["celery", "-A", "config", "inspect", "ping", "--destination", name, "--timeout", "5"]
    return subprocess.run(ping, stdout=subprocess.DEVNULL, check=False).returncode == 0


def beat() -> bool:
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5) as connection:
        row = connection.execute(
            "SELECT max(last_run_at) > now() - %s::interval FROM public.django_celery_beat_periodictask WHERE enabled",
            [BEAT_SILENCE],
        ).fetchone()
    return bool(row and row[0])


if __name__ == "__main__":
    checks = {"web": web, "worker": worker, "beat": beat}
    sys.exit(0 if checks[sys.argv[1]]() else 1)
