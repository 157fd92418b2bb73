# Two commands are enough: `make serve` and `make test`. Both need Python 3.11+, make and the package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: serve ui test lint lock bench clean

serve: $(VENV)/.base  ## the scoring API on 127.0.0.1:3000
	$(BIN)/counterfoil serve

ui: $(VENV)/.base  ## MLflow's page of runs and models on 127.0.0.1:5000
	$(BIN)/counterfoil ui

test: $(VENV)/.dev lint  ## every test, the slow ones included
	$(BIN)/python -m pytest -m "" -n auto --dist worksteal $(PYTEST_ARGS)
	$(BIN)/python -m pytest --nbmake --no-header -p no:xdist -W default notebooks

lint: $(VENV)/.dev  ## style, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## figures for tests/benchmarks/RESULTS.md
	$(BIN)/python -m tests.benchmarks

lock: $(VENV)/.dev  ## pin every version again; no index address is written
	$(BIN)/uv pip compile --quiet --upgrade --all-extras --python-version 3.11 --no-header --no-annotate --no-emit-index-url pyproject.toml \
	  | grep --invert-match --extended-regexp '^(cuda-|nvidia-(cu|nc|nv)|triton)' > constraints.new
	printf '%s\n' '# Written by `make lock`: every version that was tested together. Install with `pip install -c constraints.txt`.' \
	  | cat - constraints.new > constraints.txt
	rm constraints.new

# A stamp says what was installed; it is older than its sources as soon as the project or the lock changes.
$(VENV)/.base: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --editable '.[dev]'
	touch $(VENV)/.base $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
