# What one types here. Everything is installed into .venv inside the checkout; after that nothing needs a network.
#
#   make demo          opens the app on a practice hospital      make demo PLAY=1   plays one outage by itself
#   make test          all tests
#   make lint          style, types, layers                      make wheels        every pinned package has a Windows wheel
#   make crash         kill -9, power cuts, damaged bytes        make bench         how fast, as ratios
#   make papers        draws docs/papers: receipts on every paper
#   make screens       draws docs/screens                        make lists         tries real public lists beside the checkout
#   make inspection    draws docs/inspection
#   make queue         keys, seconds and a simulated queue, as JSON      LISTS=folder: by real lists
#   make shifts        ten shifts of 500 customers at the real screens   SHIFTS=2 CUSTOMERS=50 SEED=7
#   make outage                   twelve stations, both ways into a HIS, 10,000 faults   SEED=2 STATIONS=3 FAULTS=500
#                                 STORE=postgresql HIS=mariadb ROUTES=read
#   make lock          writes .ci/locked*.txt anew            make sbom          writes build/sbom.json: what the app is made of
#   make clean         removes .venv and what was built
#
# Paths are relative throughout, so the checkout may lie below a folder with spaces in its name.

PYTHON ?= python3
PLAY ?=
JOBS ?= 2
LISTS ?=
SEED ?=
SHIFTS ?=
CUSTOMERS ?=
STATIONS ?=
FAULTS ?=
STORE ?=
HIS ?=
ROUTES ?=

PY := .venv/bin/python
INSTALL := $(PY) -m pip install -q --disable-pip-version-check --no-input
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard downtime/locale/*/LC_MESSAGES/*.po))
# Every package comes in the one version whose SHA-256 stands in a lock file, or not at all.
LOCKED := $(INSTALL) --require-hashes
OURSELVES := $(INSTALL) --no-build-isolation --no-deps -e .
READY := .venv/.app-installed $(CATALOGUES)
READY_FOR_WORK := .venv/.work-installed $(CATALOGUES)
READY_FOR_RELEASE := .venv/.release-installed

.PHONY: demo test lint wheels crash bench papers screens inspection lists queue shifts outage lock sbom clean
.DELETE_ON_ERROR:

demo: $(READY)
	@$(PY) -m downtime demo $(if $(PLAY),--play)

# One file of tests stays on one worker, so tests of a file may share a costly fixture.
test: $(READY_FOR_WORK)
	$(PY) -m pytest -n $(JOBS) --dist loadfile -m "not lists"

lint: $(READY_FOR_WORK)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

# Asks the package index, so it stands apart from lint.
wheels: $(READY_FOR_WORK)
	$(PY) -m tests.tidy.wheels

crash: $(READY_FOR_WORK)
	$(PY) -m tests.crash

bench: $(READY_FOR_WORK)
	$(PY) -m tests.bench

papers: $(READY_FOR_WORK)
	$(PY) -m tests.papers

screens: $(READY_FOR_WORK)
	$(PY) -m tests.screens

inspection: $(READY_FOR_WORK)
	$(PY) -m tests.downtime.inspection_sample

queue: $(READY_FOR_WORK)
	@LISTS="$(LISTS)" SEED="$(SEED)" $(PY) -m tests.queue

shifts: $(READY_FOR_WORK)
	@SHIFTS="$(SHIFTS)" CUSTOMERS="$(CUSTOMERS)" SEED="$(SEED)" JOBS="$(JOBS)" $(PY) -m tests.shifts

outage: $(READY_FOR_WORK)
	@SEED="$(SEED)" STATIONS="$(STATIONS)" FAULTS="$(FAULTS)" STORE="$(STORE)" HIS="$(HIS)" ROUTES="$(ROUTES)" \
	  $(PY) -m tests.outage

lists: $(READY_FOR_WORK)
	$(PY) -m pytest -m lists

# Asks the package index. Run it after a pin in pyproject.toml changed.
lock: $(READY_FOR_RELEASE)
	$(PY) -m tests.tidy.lock

sbom: $(READY_FOR_RELEASE)
	@mkdir -p build
	$(PY) -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible --of JSON \
	  -o build/sbom.json .ci/locked.txt

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -f $(CATALOGUES)

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name it: make demo PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv .venv || { echo "Python's venv is needed; on Debian: apt-get install python3-venv"; exit 2; }
	@touch $@

.venv/.app-installed: pyproject.toml hatch_build.py .ci/locked.txt .ci/locked-build.txt | .venv/.made
	@echo "Installing the app into .venv (once; needs a network) ..."
	@$(LOCKED) -r .ci/locked.txt -r .ci/locked-build.txt
	@$(OURSELVES)
	@touch $@

.venv/.work-installed: .ci/locked-work.txt | .venv/.app-installed
	@echo "Installing what the tests and checks need into .venv (once; needs a network) ..."
	@$(LOCKED) -r .ci/locked-work.txt
	@touch $@

# Not hindered by a lock file that is behind pyproject.toml: this is what mends it.
.venv/.release-installed: .ci/locked-release.txt | .venv/.made
	@echo "Installing what writes lock files and the bill of materials into .venv (once; needs a network) ..."
	@$(LOCKED) -r .ci/locked-release.txt
	@touch $@

# The install compiles the catalogues; this does it again when one was edited, without a network where Babel is there.
%.mo: %.po | .venv/.app-installed
	@if ! [ $@ -nt $< ]; then \
	  if $(PY) -c "import babel" 2>/dev/null; then \
	    $(PY) -m babel.messages.frontend -q compile -l "$$(basename "$$(dirname $(@D))")" -i $< -o $@; \
	  else $(OURSELVES) && touch $@; fi; \
	fi
