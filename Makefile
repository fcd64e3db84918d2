# Everything that is done with this repository, by name. `make` alone lists it.
# Needs Python 3.11, 3.12 or 3.13, and make. Choose one with `make setup PYTHON=python3.12`.

UV_VERSION := 0.13.8
WORKERS ?= 2

# The first Python of at least 3.11 that really runs: a name on the path may be an empty shim.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11 python; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo $$each && break; done)

ifeq ($(OS),Windows_NT)
BIN := Scripts
else
BIN := bin
endif
VENV := .venv/$(BIN)
UV := .tools/$(BIN)/uv
UV_STAMP := .tools/uv-$(UV_VERSION).done
SYNC_STAMP := .venv/synced.done
MANIFESTS := pyproject.toml uv.lock shared/pyproject.toml \
	$(wildcard services/*/pyproject.toml) $(wildcard infra/*/pyproject.toml)

export UV_PYTHON_DOWNLOADS := never
export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test check lint types imports isolation unit conformance format specs specs-check bench clean

help: ## List these targets
	@echo "make <target>:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

setup: $(SYNC_STAMP) ## Install what is needed into .tools and .venv (the others do this by themselves)

$(UV_STAMP):
	@test -n "$(PYTHON)" || { \
		echo "Python 3.11 or newer is needed and none was found. Install one (Debian, Ubuntu:"; \
		echo "apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.12"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is older than 3.11 or does not run; name another: make setup PYTHON=python3.12"; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. Debian, Ubuntu: apt-get install python3-venv"; \
		exit 1; }
	@echo "setup: uv $(UV_VERSION) into .tools, with $$($(PYTHON) --version)"
	@test -x .tools/$(BIN)/python || $(PYTHON) -m venv .tools
	@.tools/$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(SYNC_STAMP): $(UV_STAMP) $(MANIFESTS)
	@echo "setup: the packages that uv.lock names, into .venv"
	@$(UV) sync --frozen --python .tools/$(BIN)/python
	@touch $@

demo: $(SYNC_STAMP) ## Run a whole interview through four real processes and show its two files
	@$(VENV)/quaestor demo

serve: $(SYNC_STAMP) ## Keep the services up on this machine; prints the URL and an API key
	@$(VENV)/quaestor serve

test: $(SYNC_STAMP) ## Run every test
	$(VENV)/pytest -n $(WORKERS) --dist loadgroup

check: lint types imports specs-check isolation unit ## Run everything quick: format, lint, types, imports, isolation, unit tests
	@echo "check: all good"

lint: $(SYNC_STAMP)
	@echo "check: format and lint"
	@$(VENV)/ruff format --quiet --check . || { echo "make format mends this"; exit 1; }
	@$(VENV)/ruff check --quiet .

types: $(SYNC_STAMP)
	@echo "check: types"
	@$(VENV)/mypy

imports: $(SYNC_STAMP)
	@echo "check: which module may import which"
	@$(VENV)/lint-imports

specs-check: $(SYNC_STAMP)
	@echo "check: generated documents are up to date"
	@$(VENV)/python specs/generate.py --check
	@$(VENV)/python docs/generate.py --check

isolation: $(SYNC_STAMP)
	@echo "check: each package declares what it imports"
	@$(VENV)/python tests/isolation.py

unit: $(SYNC_STAMP)
	@echo "check: the quick tests"
	@$(VENV)/pytest -q -n $(WORKERS) --dist loadgroup -m "not slow and not browser"

conformance: $(SYNC_STAMP) ## Run a checkout of the JSON-Schema-Test-Suite: make conformance SUITE=<folder>
	@test -n "$(SUITE)" || { echo "Name the checkout: make conformance SUITE=<folder>"; exit 2; }
	@$(VENV)/python tests/conformance.py "$(SUITE)" $(if $(DRAFT),--draft $(DRAFT))

format: $(SYNC_STAMP) ## Format the source and mend what lint can mend
	@$(VENV)/ruff check --fix --quiet . || true
	@$(VENV)/ruff format .

specs: $(SYNC_STAMP) ## Write the generated schemas, OpenAPI documents and tables again
	@$(VENV)/python specs/generate.py
	@$(VENV)/python docs/generate.py

bench: $(SYNC_STAMP) ## Measure; takes some minutes
	$(VENV)/python -m bench.turn
	$(VENV)/python -m bench.startup
	$(VENV)/python -m bench.store
	$(VENV)/python -m bench.validate

clean: ## Remove what setup and the tools made; keeps var/ and design/
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
