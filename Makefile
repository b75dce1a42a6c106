# `make` alone lists what can be made.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test lint accept fuzz bench corpus faults constraints clean

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

# The suite tries the same examples each time. What is found here becomes an example of its own in the tests.
FUZZ_TIMES ?= 35
fuzz: $(READY)  ## try FUZZ_TIMES (35) times the suite's examples of all properties, new ones each time
	HYPOTHESIS_PROFILE=fuzz FUZZ_TIMES=$(FUZZ_TIMES) $(BIN)/python -m pytest --numprocesses=auto -m hypothesis

bench: $(READY)  ## print what builds, reruns, reading, refining and writing cost
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_rendering.py
	$(BIN)/python tests/bench_reading.py

corpus: $(READY)  ## read the real notes of the shared folder and print what no rule took
	$(BIN)/python tests/corpus_report.py

# Our own tests of faults need nothing. The drivers in the shared folder compare bytes of runs at different times,
# and a corrected entry says when: hence the one time for all. A site built again without its ledger lacks such
# moments, the names of entries whose titles changed and what was withdrawn, which fsweep notes as REBUILD-DIFFERS:
# of it only what it calls BAD counts. `racers --how readers` is left out: it goes back to the old digests, itself a
# correction, and calls that third state torn. Reads fail in the site and in what is remembered of it only: a digest
# that cannot be read keeps its day as it was and exits 3, a third state too. With `python -m` the interpreter itself
# reads the folder that it is run in.
SHARED := $(or $(DIGEST_PIPELINE_SHARED),../shared)
FAULTS := $(SHARED)/judges/faults
JUDGED := --cmd '$(CURDIR)/$(BIN)/digest-pipeline run --quiet --state {work}/state \
  --base-url https://example.org/ {in} {out}'
FAULT_POINTS ?= 200
SWEEP := fsweep --points $(FAULT_POINTS) --mode
JUDGES := envmatrix "racers --how interleave" "racers --how pile" "$(SWEEP) kill" "$(SWEEP) tear" \
  "$(SWEEP) err --errno ENOSPC" "$(SWEEP) errs --errno EIO" \
  "$(SWEEP) err --errno EIO --calls r --scope {out}" "$(SWEEP) err --errno EIO --calls r --scope {work}/state" \
  "enospc --how fsize" "bigdigest --scale 0.1"
# They mount file systems of their own.
ifeq ($(shell id -u),0)
JUDGES += "enospc --how tmpfs" "enospc --how inodes" "powercut --fs ext4-strict --durable"
endif
faults: $(READY)  ## run our tests of faults, and the shared drivers, FAULT_POINTS (200) faults a sweep
	@test -d $(FAULTS) || echo "no drivers of faults in $(FAULTS): name their folder by DIGEST_PIPELINE_SHARED"
	@failed=; $(BIN)/python -m pytest -q tests/test_faults.py || failed="[tests/test_faults.py]"; \
	DIGEST_PIPELINE_PUBLISHES=200 $(BIN)/python -m pytest -q tests/clients/test_web_servers.py -k readers_behind \
	  || failed="$$failed [readers]"; \
	export SOURCE_DATE_EPOCH=1767225600; \
	for judge in $(JUDGES); do \
	  test -x "$(FAULTS)/$${judge%% *}" || continue; \
	  said=$$($(FAULTS)/$$judge $(JUDGED) 2>&1); code=$$?; printf '%s\n' "$$said"; \
	  case "$$code:$$judge:$$said" in \
	    *"BAD "* | *"raw tracebacks"*) failed="$$failed [$$judge]" ;; \
	    0:* | 1:fsweep*REBUILD-DIFFERS*'"driver"'*) ;; \
	    *) failed="$$failed [$$judge]" ;; \
	  esac; \
	done; \
	if test -x $(FAULTS)/gauntlet; then \
	  corpus=$$(mktemp -d) && $(FAULTS)/mkpayloads $$corpus >/dev/null && \
	    $(FAULTS)/gauntlet $(JUDGED) --corpus $$corpus --only places,half-saved --max-alone 6 \
	    || failed="$$failed [gauntlet]"; rm -rf "$$corpus"; \
	fi; \
	test -z "$$failed" || { echo "failed:$$failed"; exit 1; }

# With the oldest Python 3.11 that is at hand: some packages ask for a later patch release of it.
constraints:  ## pin the newest versions that PYTHON can have, with their hashes
	$(PYTHON) -m venv $(VENV)-pin
	$(VENV)-pin/bin/pip install --quiet pip-tools
	$(VENV)-pin/bin/pip-compile --quiet --extra dev --all-build-deps --generate-hashes --allow-unsafe \
	  --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate \
	  --upgrade --output-file constraints.txt pyproject.toml
	rm -rf $(VENV)-pin

clean:  ## remove the environment and what tools left
	rm -rf $(VENV) .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache

# The pinned packages are installed with their hashes checked, then the project itself on top of them. All that they
# need is among them, so nothing is left to resolve: an older pip, asked for an extra, takes a release newer than the pin.
$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip --disable-pip-version-check --quiet check
	@touch $@
