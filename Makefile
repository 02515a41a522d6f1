# Every target sets up what it needs from a fresh clone; only Python 3.11 must be there.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help serve test check bench mutants e2e sdl web fmt clean

help: ## list the targets
	@grep -E '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

serve: $(READY) web ## run the station at http://127.0.0.1:8000/graphql
	@$(BIN)/volunteer-gateway serve

web: $(READY) ## build the web pages
	@$(BIN)/python -m gateway.web.build

test: $(READY) ## run the tests on embedded servers
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

check: $(READY) ## lint, types, import contracts, schema snapshots
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/volunteer-gateway schema snapshot --check
	$(BIN)/volunteer-gateway documents check --pages
	$(BIN)/python -m gateway.web.build check

e2e: $(READY) web ## drive the pages in a real browser
	$(BIN)/python -m tests.e2e.run

bench: $(READY) ## measure
	$(BIN)/python -m tests.benchmarks

mutants: $(READY) ## mutate the access rule; a survivor needs a reason
	$(BIN)/python -m tests.mutants

sdl: $(READY) ## write the schema of each role to schema/sdl/
	@$(BIN)/volunteer-gateway schema snapshot

fmt: $(READY) ## format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was built; .data stays
	rm -rf $(VENV) gateway/web/node_modules gateway/web/dist build .mypy_cache .ruff_cache .pytest_cache
