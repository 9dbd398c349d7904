# syntax=docker/dockerfile:1
# One image; the command says which process it is: web (default), worker, beat.

# The pages' scripts, styles and icons.
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY shared_apps shared_apps
COPY tenant_apps tenant_apps
COPY billing billing
RUN npm run build

FROM python:3.13-slim AS builder
ENV PIP_NO_CACHE_DIR=1 POETRY_NO_INTERACTION=1 POETRY_VIRTUALENVS_IN_PROJECT=1
# Set it where Poetry must use a mirror; empty means Poetry's own default.
ARG POETRY_PYPI_MIRROR_URL=""
RUN python -m venv /poetry && /poetry/bin/pip install "poetry>=2.5,<3" "poetry-plugin-pypi-mirror>=0.6.5,<0.7"
WORKDIR /app
COPY pyproject.toml poetry.lock ./
RUN [ -n "$POETRY_PYPI_MIRROR_URL" ] || unset POETRY_PYPI_MIRROR_URL; /poetry/bin/poetry install --only main --no-root
COPY . .
COPY --from=assets /app/shared_apps/web/static/web/dist shared_apps/web/static/web/dist
RUN .venv/bin/python -m config.messages compile
# Collecting static files needs settings that load, not servers; none of these values reaches the image.
RUN DJANGO_SETTINGS_MODULE=config.settings.prod SECRET_KEY=build PLATFORM_DOMAIN=localhost \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 EMAIL_URL=smtp://localhost \
    .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && .venv/bin/python -m compileall -q config shared_apps billing tenant_apps deploy

FROM python:3.13-slim
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    MEDIA_ROOT=/media
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp colmeia && install -d -o 10001 /media
WORKDIR /app
COPY --from=builder /app /app
USER 10001
EXPOSE 8000
ENTRYPOINT ["deploy/entrypoint.sh"]
CMD ["web"]
