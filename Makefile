# `make run` and `make test` set up everything they need by themselves.

SHELL := /bin/bash
PIP := -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# The stamps' names hold the folder: the environments of a checkout that was moved or copied point to the old place, and
# are made anew.
HERE := $(shell pwd | cksum | cut -d' ' -f1)
READY := .venv/ready-$(HERE)
ENGINE_READY := .venv-engine/ready-$(HERE)
# Tests and benchmarks start thousands of interpreters, which would compile everything each time.
unexport PYTHONDONTWRITEBYTECODE
DATA_HOME := $(or $(XDG_DATA_HOME),$(HOME)/.local/share)

.PHONY: help run test test-engine test-window lint bench stress docs pictures messages install-desktop clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-16s %s\n", $$1, $$2 }' Makefile

run: $(READY)  ## open the window (without a display: run off screen and save a picture)
	@.ci/prepare >/dev/null
	@.venv/bin/dictrace

test: $(READY) $(ENGINE_READY)  ## run all tests: two halves side by side, each printed when it is done
	@.ci/prepare tests >/dev/null
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-engine test-window

test-window: $(READY)  ## run the tests of all but the engine
	.venv/bin/pytest --ignore=tests/engine

test-engine: $(ENGINE_READY)  ## run the engine's tests where Qt is not installed, and see what they cover
	@! .venv-engine/bin/python -c 'import PySide6' 2>/dev/null || { echo 'PySide6 is installed in .venv-engine.'; exit 1; }
	.venv-engine/bin/coverage erase
	.venv-engine/bin/coverage run -m pytest tests/engine
	.venv-engine/bin/coverage combine --quiet
	@rm -f .coverage.*  # what processes that were killed had begun to write
	.venv-engine/bin/coverage report
	@.venv-engine/bin/coverage json --quiet --fail-under 0 -o - | .venv-engine/bin/python -c 'import json, sys; \
	    share = json.load(sys.stdin)["totals"]["percent_branches_covered"]; \
	    sys.exit(f"Only {share:.1f} % of the branches are covered." if share < 92 else 0)'

lint: $(READY)  ## check style, types and import directions
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	@mkdir -p .link && ln -sfn .. .link/dictrace
	.venv/bin/mypy
	.venv/bin/lint-imports --no-logo

bench: $(READY)  ## run the benchmarks and print their figures
	@set -e; for file in benchmarks/*.py; do .venv/bin/python "$$file"; done

docs: $(READY)  ## build the documents as pages, in build/docs; their pictures are made from real runs
	@.ci/prepare >/dev/null
	.venv/bin/sphinx-build -q -W --keep-going -j auto -d build/doctrees docs build/docs
	@echo "The documents are in build/docs/index.html."

pictures: $(READY)  ## make the pictures of README.md anew, from the runs in docs/recordings or else from new ones
	@.ci/prepare >/dev/null
	.venv/bin/dictrace figures docs/figures.toml
	.venv/bin/dictrace animate docs/recordings/fetch-mutate-commit-tasks-40.dictrace -o docs/images/stage.gif --from 2 \
	    --to 40% --size 800x430 --seconds 15 --fps 12

stress: $(READY)  ## try what may go wrong, very often, and print what happened (takes hours)
	@.ci/prepare tests >/dev/null
	@.venv/bin/python -m stress

messages: $(READY)  ## collect the sentences of the source, bring the catalogues up to date and compile them
	@mkdir -p build
	.venv/bin/pybabel --quiet extract --project dictrace --copyright-holder 'dictrace developers' --sort-by-file \
	    --add-location file --output build/dictrace.pot app engine widgets
	.venv/bin/pybabel --quiet update --domain dictrace --input-file build/dictrace.pot --output-dir resources/locale \
	    --locale zh --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	.venv/bin/pybabel --quiet compile --domain dictrace --directory resources/locale

install-desktop: $(READY)  ## add dictrace to your desktop's menu
	install -D --mode 644 resources/icons/dictrace.svg "$(DATA_HOME)/icons/hicolor/scalable/apps/dictrace.svg"
	install -D --mode 644 resources/dictrace.desktop "$(DATA_HOME)/applications/dictrace.desktop"
	sed --in-place 's|^Exec=dictrace|Exec="$(CURDIR)/.venv/bin/dictrace"|' "$(DATA_HOME)/applications/dictrace.desktop"

clean:  ## remove everything that these commands made
	rm -rf docs/recordings docs/images/*.txt
	rm -rf .venv .venv-engine .link build dist *.egg-info .coverage .coverage.* .hypothesis .import_linter_cache .*_cache
	find app benchmarks docs engine resources stress tests widgets -name __pycache__ -prune -exec rm -r {} +

$(READY): pyproject.toml constraints.txt
	@python=$$(.ci/prepare) && { [ -e $@ ] || "$$python" -m venv --clear .venv; }
	.venv/bin/python $(PIP) setuptools
	.venv/bin/python $(PIP) --no-build-isolation --editable '.[dev]'
	@touch $@

# Everything the engine needs, and no Qt.
$(ENGINE_READY): pyproject.toml constraints.txt
	@python=$$(.ci/prepare) && { [ -e $@ ] || "$$python" -m venv --clear .venv-engine; }
	.venv-engine/bin/python $(PIP) setuptools coverage hypothesis msgspec numpy pytest pytest-timeout
	.venv-engine/bin/python $(PIP) --no-build-isolation --no-deps --editable .
	@touch $@
