# Every target sets up what it needs: a virtual environment in .venv with exactly the pinned versions.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RAW ?= ../shared/data
PIP = $(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check
LOCKS := supply/locks
# Each file must have a hash that the lock names; nothing is resolved, nothing else fetched to build.
INSTALL = $(PIP) install --quiet --require-hashes --no-deps --no-build-isolation -r
# EDITABLE= copies the program into the environment, which then needs this folder no more.
EDITABLE := -e
OURSELVES = $(PIP) install --quiet --no-deps --no-build-isolation $(EDITABLE) .
PURPOSES := $(filter-out build oldest,$(basename $(notdir $(wildcard $(LOCKS)/*.txt))))

.PHONY: app test bench data docs shots lint load fuzz faults mutation lock supply audit oldest clean

app: $(VENV)/app.ready
	$(BIN)/ipot app

# Compiled files are kept, whatever the environment says: hundreds of processes begin anew.
test: $(VENV)/test.ready
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadfile -q

bench: $(VENV)/test.ready
	@missed=0; $(BIN)/python -m pytest tests -m benchmark -q --benchmark-json=$(VENV)/bench.json || missed=$$?; \
	$(BIN)/python tests/benchmarks/table.py $(VENV)/bench.json && exit $$missed

data: $(VENV)/app.ready
	$(BIN)/ipot data build --from $(RAW) -o data/kreise --grid data/grid

docs: $(VENV)/docs.ready $(VENV)/test.ready
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build -q -f docs/mkdocs.yml --strict -d $(CURDIR)/out/docs
	$(BIN)/python docs/check.py out/docs --browser

# Many people at once; fifteen minutes on a machine that does nothing else.
load: $(VENV)/test.ready
	$(BIN)/python -m tests.load

# Whatever may be handed in, for longer than `make test` takes.
fuzz: $(VENV)/test.ready
	$(BIN)/python -m pytest -q tests/hostile --hypothesis-profile=explore

# Commands killed at any moment, two hundred times.
faults: $(VENV)/test.ready
	$(BIN)/python tests/faults/kill.py --kills 200 --seed 1

# Changed lines that no test notices; hours. Works in a copy of its own, the folder mutants.
mutation: $(VENV)/mutation.ready $(VENV)/test.ready
	$(BIN)/python tests/mutation/run.py
	$(BIN)/python tests/mutation/table.py .

shots: $(VENV)/test.ready
	$(BIN)/python tests/browser/shots.py

lint: $(VENV)/lint.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/reuse lint --quiet || $(BIN)/reuse lint
	$(BIN)/python -m supply.bom --check

# What supply/README.md describes: exact versions, then all that is made from them.
lock: | $(BIN)/python
	$(INSTALL) $(LOCKS)/lock.txt
	$(BIN)/python -m supply.lock

supply: $(PURPOSES:%=$(VENV)/%.ready)
	$(BIN)/python -m supply.licences
	$(BIN)/python -m supply.bom
	$(BIN)/python -m supply.publishers

# Asks a public list of known holes, and so needs the net.
audit: $(VENV)/audit.ready
	for lock in $(LOCKS)/*.txt; do $(BIN)/pip-audit --disable-pip --require-hashes -r $$lock || exit 1; done

# The tests without browsers, with the lowest versions that pyproject.toml allows; not those that
# compare what only the pinned versions write.
oldest:
	$(MAKE) VENV=$(VENV)/oldest $(VENV)/oldest/oldest.ready
	$(VENV)/oldest/bin/python -m pytest -q -o filterwarnings=default -m "not browser and not benchmark and not pinned"

clean:
	rm -rf $(VENV)

# Debian ships venv without ensurepip, so the environment is made without pip and filled from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/app.ready: pyproject.toml $(LOCKS)/build.txt $(LOCKS)/app.txt | $(BIN)/python
	$(INSTALL) $(LOCKS)/build.txt
	$(INSTALL) $(LOCKS)/app.txt
	$(OURSELVES)
	@$(PIP) check
	@touch $@

$(VENV)/oldest.ready: pyproject.toml $(LOCKS)/oldest.txt | $(BIN)/python
	$(INSTALL) $(LOCKS)/oldest.txt
	$(OURSELVES)
	@touch $@

# What one more purpose adds: test.ready, lint.ready, docs.ready and so on.
$(VENV)/%.ready: $(LOCKS)/%.txt $(VENV)/app.ready
	$(INSTALL) $<
	@$(PIP) check
	@touch $@
