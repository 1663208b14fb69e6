# Everything here works from a fresh clone: the virtual environment makes itself, only Python 3.11+ and make are needed.

PYTHON ?= python3
VENV ?= .venv
PORT ?= 8000
RESET ?=
PLAYERS ?= 500
NUMBERS ?= 10000
SEEDS ?= 1
SALES ?= 200
ONLY ?=
EXAMPLES ?= 50
TEST_DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
TEST_HUEY_URL ?= redis://127.0.0.1:6379/9

BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEVELOPMENT := DEBUG=1 SIMULATOR=1
UV := uv==0.13.9
COMPILE := pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy requires-python \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header
# What `manage.py check --deploy` is asked about: a site with every secret its own.
PRODUCTION := DEBUG=0 SIMULATOR=0 SITE_URL=https://raffles.example ALLOWED_HOSTS=raffles.example BEHIND_PROXY=1 \
	SECRET_KEY=9tq5Zr8xV2mWc7Yb4Ns6Kd3Hg1Jf0LpQeUoRiTaXwMzBvCyDn-Wm4Ks \
	WHATSAPP_APP_SECRET=1f0c6f9b2a WHATSAPP_VERIFY_TOKEN=check WHATSAPP_ACCESS_TOKEN=check \
	WHATSAPP_PHONE_NUMBER_ID=1055501 WHATSAPP_BUSINESS_ACCOUNT_ID=2066602

.DEFAULT_GOAL := help
.PHONY: help setup demo rehearse test test-postgres test-browser chaos bench fuzz-api api-document check format lock

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /  \1|/' \
		| awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

$(INSTALLED): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; name another with PYTHON=...")'
	@echo "Installing into $(VENV) (once; again when requirements/dev.txt changes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(INSTALLED) ## Make the virtual environment and compile the texts
	@$(DEVELOPMENT) $(BIN)/python manage.py compile_texts

demo: setup ## Sell a raffle on this machine (RESET=1 starts over, PORT=8000)
	@$(DEVELOPMENT) $(BIN)/python manage.py demo --port $(PORT) $(if $(filter-out 0,$(RESET)),--reset)

rehearse: setup ## Sell a raffle out to a simulated crowd and judge it (PLAYERS=500, NUMBERS=10000)
	@$(DEVELOPMENT) $(BIN)/python manage.py rehearse --players $(PLAYERS) --numbers $(NUMBERS)

test: setup ## Run the tests on SQLite (ONLY="tests/api --ignore=..." for some)
	$(BIN)/python -m pytest -n auto $(ONLY)

test-postgres: setup ## Run the tests on PostgreSQL and Redis; nothing may be skipped
	@TEST_DATABASE_URL=$(TEST_DATABASE_URL) TEST_HUEY_URL=$(TEST_HUEY_URL) PYTHON=$(BIN)/python .ci/services
	DATABASE_URL=$(TEST_DATABASE_URL) HUEY_URL=$(TEST_HUEY_URL) \
		$(BIN)/python -m pytest -n auto -m "not browser and not chaos and not own_database" --no-skips

test-browser: setup ## Play the purchase in Debian's chromium; screenshots go to artifacts/
	@test -x /usr/bin/chromium || { echo "No /usr/bin/chromium. Install it: apt-get update && apt-get install -y chromium"; exit 1; }
	@mkdir -p artifacts
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser --no-skips tests/browser

chaos: setup ## Kill web and worker, delete the queue, restart the database while it sells (SEEDS="1 2 3")
	@for seed in $(SEEDS); do \
		CHAOS_SEED=$$seed CHAOS_SALES=$(SALES) $(BIN)/python -m pytest -m chaos --no-skips -s -p no:randomly \
			tests/chaos $(if $(ONLY),-k "$(ONLY)") || exit 1; \
	done

bench: setup ## Measure every goal of speed beside its ceiling (ONLY="webhook picks" for some; docs stay as they are then)
	@TEST_DATABASE_URL=$(TEST_DATABASE_URL) TEST_HUEY_URL=$(TEST_HUEY_URL) PYTHON=$(BIN)/python .ci/services
	@$(BIN)/python -m tests.bench --database $(TEST_DATABASE_URL) --queue $(TEST_HUEY_URL) \
		$(if $(ONLY),$(addprefix --only ,$(ONLY)),--json docs/bench.json --picture docs/images/bench.svg)

fuzz-api: setup ## Call the API in ways nobody thinks of, alone and in chains (EXAMPLES=50 of each operation)
	FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -s tests/api/test_fuzz.py tests/api/test_fuzz_chains.py

api-document: setup ## Write docs/openapi.yaml from the code
	@$(DEVELOPMENT) $(BIN)/python manage.py write_api_document

check: setup ## Check style, types, import contracts, migrations and settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DEVELOPMENT) $(BIN)/mypy config raffles whatsapp tests
	$(BIN)/lint-imports
	$(DEVELOPMENT) $(BIN)/python manage.py makemigrations --check --dry-run
	$(DEVELOPMENT) $(BIN)/python manage.py check --fail-level WARNING
	$(DEVELOPMENT) $(BIN)/python manage.py conversation_map --check
	$(DEVELOPMENT) $(BIN)/python manage.py role_table --check
	$(DEVELOPMENT) $(BIN)/python manage.py write_api_document --check
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

format: setup ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: ## Pin requirements/*.txt again from pyproject.toml
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet $(UV); }
	.venv-lock/bin/uv $(COMPILE) --all-extras pyproject.toml -o requirements/dev.txt
	.venv-lock/bin/uv $(COMPILE) -c requirements/dev.txt pyproject.toml -o requirements/base.txt
	.venv-lock/bin/uv $(COMPILE) -c requirements/dev.txt --extra postgres --extra redis --extra ocr pyproject.toml -o requirements/production.txt
