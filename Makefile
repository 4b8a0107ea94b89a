# Tongbo's commands. `make run` and `make test` install what they need first; README says the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PYTEST_ARGS ?=

.PHONY: install run test check lint types layers fast eval bench soak lock clean preflight

preflight:
	@bash tools/preflight.sh $(PYTHON)

$(STAMP): pyproject.toml requirements.lock
	@bash tools/preflight.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Tongbo into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV_STAMP): $(STAMP) requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@

install: $(STAMP)  ## the environment with .venv/bin/tongbo

run: $(STAMP)  ## crawl, index and serve on http://127.0.0.1:8000
	@exec $(BIN)/tongbo up

test: $(DEV_STAMP)  ## everything; what needs a server that is not there is skipped
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(PYTEST_ARGS)

lint: $(DEV_STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(DEV_STAMP)
	@$(BIN)/mypy

layers: $(DEV_STAMP)
	@$(BIN)/lint-imports

fast: $(DEV_STAMP)
	@$(BIN)/python -m pytest -m "not slow and not external" -q $(PYTEST_ARGS)

check: lint types layers fast  ## lint, types, layers, fast tests

bench: $(DEV_STAMP)  ## figures of docs/performance.md (wants the replay and Elasticsearch beside the clone)
	@$(BIN)/python tools/bench.py

eval: $(DEV_STAMP)  ## figures of docs/quality.md (wants ../shared)
	@$(BIN)/python tools/evaluate.py

soak: $(DEV_STAMP)  ## all seeds of the kill tests
	@TONGBO_TEST_SEEDS=20 $(BIN)/python -m pytest tests/e2e -q $(PYTEST_ARGS)

lock: $(DEV_STAMP)  ## write the lock files from the present environment (after a deliberate upgrade)
	@$(BIN)/python tools/lock.py

clean:
	@rm -rf $(VENV) build dist *.egg-info
