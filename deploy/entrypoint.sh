#!/bin/sh
# The image's entry point: web (default), worker, beat, or any other command as it is.
# Needs a writable /tmp and nothing else: the root file system may be read-only.
set -eu

wait_for_database() {
    python deploy/wait_for_database.py "${DATABASE_WAIT_SECONDS:-60}"
}

case "${1:-web}" in
web)
    wait_for_database
    if [ "${MIGRATE_ON_START:-1}" = 1 ]; then
        python manage.py migrate
    fi
    # The image already holds the collected files; a mounted, writable directory gets its own copy.
    if [ -w staticfiles ]; then
        python manage.py collectstatic --noinput --verbosity 0
    fi
    exec gunicorn config.wsgi \
        --bind "0.0.0.0:${PORT:-8000}" \
        --worker-class gthread --workers "${WEB_CONCURRENCY:-2}" --threads "${WEB_THREADS:-4}" \
        --worker-tmp-dir /dev/shm --no-control-socket \
        --max-requests 10000 --max-requests-jitter 1000 --graceful-timeout 30
    ;;
worker)
    wait_for_database
    exec celery -A config worker --loglevel "${LOG_LEVEL:-INFO}" --concurrency "${WORKER_CONCURRENCY:-2}" \
        --without-gossip --without-mingle
    ;;
beat)
    wait_for_database
    exec celery -A config beat --loglevel "${LOG_LEVEL:-INFO}" --pidfile=
    ;;
*)
    exec "$@"
    ;;
esac
