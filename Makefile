# Two commands are enough: `make run` plays Baseroom in a browser, `make test` runs every test.
# They need Python 3.11 or later and make; the rest goes into .venv, pinned and hash-checked.

# HOST is only ever taken from the command line (`make run HOST=0.0.0.0`): many shells export a HOST of
# their own, and the practice room must not open to the network by accident.
HOST = 127.0.0.1
PORT ?= 8080

# `make test TESTS=tests/findings WORKERS=0` runs one folder in one process.
TESTS ?= tests
WORKERS ?= 2

PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11
VENV := .venv
BIN := $(VENV)/bin

# A stamp is named after what it installed, and where: it is out of date as soon as either changes.
fingerprint = $(shell (cat $(1) pyproject.toml; pwd) | cksum | cut -d ' ' -f 1)
RUN_STAMP := $(BIN)/.installed-run-$(call fingerprint,requirements.txt)
TEST_STAMP := $(BIN)/.installed-test-$(call fingerprint,requirements-test.txt)

.DEFAULT_GOAL := help
.PHONY: help run test test-clients lint format bench chaos audit lock clean

help: ## show this list
	@echo "Baseroom: the peer team's base room, in Slack and Teams."
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-20s%s\n", $$1, $$2 }'

run: $(RUN_STAMP) ## start the rehearsal room and print its address (PORT=8080 HOST=127.0.0.1)
	@$(BIN)/python -m bot rehearse --host $(HOST) --port $(PORT)

test: $(TEST_STAMP) ## run every test (TESTS=tests WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore=tests/clients $(TESTS)

# The lock of npm carries no address either: each machine asks the registry that it is set up for.
test-clients: $(TEST_STAMP) tests/clients/node_modules/.package-lock.json ## play a day in the local client of Teams (needs Node 20)
	$(BIN)/python -m pytest tests/clients

tests/clients/node_modules/.package-lock.json: tests/clients/package-lock.json
	@command -v npm >/dev/null || { echo "This needs Node 20 or later (nodejs.org), which brings npm." >&2; exit 1; }
	npm ci --prefix tests/clients --no-audit --no-fund --omit-lockfile-registry-resolved

lint: $(TEST_STAMP) ## check style and types
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(TEST_STAMP) ## put the code into the house style
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: $(TEST_STAMP) ## print the benchmarks
	$(BIN)/python -m tests.bench

chaos: $(TEST_STAMP) ## try every fault at full size, and count (CHAOS="--small --only killed")
	$(BIN)/python -m tests.chaos $(CHAOS)

# `make test` compares what is pinned with tests/advisories.toml; this asks the public database. The lock of the tests
# holds everything that runs, too.
AUDIT = --strict --require-hashes --disable-pip --progress-spinner off
audit: $(TEST_STAMP) ## ask the public database for holes in what is pinned (needs the internet)
	$(BIN)/python -m pip_audit $(AUDIT) --requirement requirements-test.txt

# The address of the package index never enters a lock: each machine uses the one it is set up for.
LOCK = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --upgrade

lock: ## choose the newest versions of everything and pin them (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv, then try again." >&2; exit 1; }
	$(LOCK) --group install --group test --output-file requirements-test.txt
	$(LOCK) --group install --constraint requirements-test.txt --output-file requirements.txt

clean: ## remove the virtual environment and everything made from the sources
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find bot handlers storage manifests tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The requirements carry setuptools, so the project itself is installed without reaching the network.
define install
	@echo "Installing $(1) into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(RUN_STAMP): | $(BIN)/python
	$(call install,requirements.txt)

$(TEST_STAMP): | $(BIN)/python
	$(call install,requirements-test.txt)

$(BIN)/python:
	@for python in $(PYTHON); do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "Baseroom needs Python 3.11 or later, and none of these is: $(PYTHON)." >&2; \
		echo "Install one (python.org, or your system's packages), or name it: make PYTHON=/path/to/python3.12" >&2; \
		exit 1; \
	fi; \
	if ! $$found -c 'import ensurepip, sqlite3, ssl, venv' 2>/dev/null; then \
		echo "This Python ($$found) came without part of its standard library:" >&2; \
		$$found -c 'import ensurepip, sqlite3, ssl, venv' 2>&1 | tail -n 1 >&2; \
		echo "On Debian and Ubuntu install it with: apt-get install python3-venv" >&2; \
		exit 1; \
	fi; \
	echo "Making $(VENV) with $$($$found --version) ..."; \
	$$found -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }
