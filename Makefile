# `make` alone lists what can be made.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test lint accept bench corpus constraints clean

help:  ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: $(READY)  ## build digests/ into out/
	$(BIN)/digest-pipeline digests out
	@echo "open out/index.html, or subscribe to out/atom.xml once out/ is published"

test: $(READY)  ## run the whole test suite and print the coverage
	$(BIN)/python -m pytest --numprocesses=auto --cov --cov-report=term

lint: $(READY)  ## ruff, its formatter and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

accept: $(READY)  ## rewrite golden files and generated tables; then read the diff
	$(BIN)/python -m pytest --accept tests/render/test_json_dump.py tests/test_problems.py tests/test_golden.py

bench: $(READY)  ## print what builds, reruns and reading cost
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_reading.py

corpus: $(READY)  ## read the real notes of the shared folder and print what no rule took
	$(BIN)/python tests/corpus_report.py

constraints:  ## pin the newest versions that pyproject.toml allows, with their hashes
	$(PYTHON) -m venv $(VENV)-pin
	$(VENV)-pin/bin/pip install --quiet pip-tools
	$(VENV)-pin/bin/pip-compile --quiet --extra dev --all-build-deps --generate-hashes --allow-unsafe \
	  --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate \
	  --upgrade --output-file constraints.txt pyproject.toml
	rm -rf $(VENV)-pin

clean:  ## remove the environment and what tools left
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The pinned packages are installed with their hashes checked, then the project itself on top of them.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
