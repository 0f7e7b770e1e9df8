# Every target sets up what it needs: a virtual environment in .venv with exactly the pinned versions.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RAW ?= ../shared/data
INSTALL = $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: app test bench data shots lint clean

app: $(VENV)/app.ready
	$(BIN)/ipot app

test: $(VENV)/test.ready
	$(BIN)/python -m pytest -n 2 --dist loadfile -q

bench: $(VENV)/test.ready
	@missed=0; $(BIN)/python -m pytest tests -m benchmark -q --benchmark-json=$(VENV)/bench.json || missed=$$?; \
	$(BIN)/python tests/benchmarks/table.py $(VENV)/bench.json && exit $$missed

data: $(VENV)/app.ready
	$(BIN)/ipot data build --from $(RAW) -o data/kreise --grid data/grid

shots: $(VENV)/test.ready
	$(BIN)/python tests/browser/shots.py

lint: $(VENV)/lint.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV)

# Debian ships venv without ensurepip, so the environment is made without pip and filled from outside.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make PYTHON=python3.11 ..."; exit 1; }
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/app.ready: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) -e .
	@touch $@

$(VENV)/test.ready: $(VENV)/app.ready
	$(INSTALL) -e '.[test]'
	@touch $@

$(VENV)/lint.ready: $(VENV)/app.ready
	$(INSTALL) -e '.[lint,test]'
	@touch $@
