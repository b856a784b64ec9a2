# What a person or a CI runs. Each target sets itself up in .venv; nothing but Python 3.9+ and pip's
# registry is needed (and Debian's python3-venv where Python is Debian's). The views are tested in a
# browser where there is one: Debian's nodejs, npm and chromium.

PYTHON ?= python3
PYTEST_ARGS ?= --numprocesses auto --maxprocesses 4 --dist loadfile
BENCH_ARGS ?=
DASHBOARD := tests/dashboard
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PYTHON) requirements/install.py $(VENV)
INSTALL_NODE := $(PYTHON) requirements/install_node.py $(DASHBOARD)
COMPILE := uv pip compile --quiet --universal --python-version 3.9 --fork-strategy fewest \
  --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test format package screenshots bench-detection bench-speed bench-honesty bench-ablation lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: ## a simulated office, both logs and thieves; every shipped rule run on it
	@$(INSTALL) requirements/replay.txt
	@$(PY) -m office.demo

test: ## everything: tests, conf checks, the package and AppInspect's judgement of it
	@$(INSTALL) requirements/test.txt
	@$(INSTALL_NODE)
	@$(PY) -m pytest $(PYTEST_ARGS)

format: ## lay out and mend the Python code
	@$(INSTALL) requirements/test.txt
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

package: ## dist/scheduled_transfer-<version>.spl
	@$(INSTALL) requirements/test.txt
	@PYTHON=$(PY) ./package.sh

screenshots: ## docs/images/*.png: the views, with the demo's office (needs node, npm, Chromium)
	@$(INSTALL) requirements/test.txt
	@$(INSTALL_NODE)
	@$(PY) -m tests.dashboard.screenshots

bench-detection: ## detection quality beside the peers (BENCH_ARGS="--data DIR")
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.detection $(BENCH_ARGS)

bench-speed: ## pairs a second beside RITA's formulas
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.speed $(BENCH_ARGS)

bench-honesty: ## how often p < 0.01 on data without a schedule
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.honesty $(BENCH_ARGS)

bench-ablation: ## what each special case of the scorer earns (BENCH_ARGS="--data DIR")
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.ablation $(BENCH_ARGS)

lock: ## compile requirements/*.in to *.txt and tests/dashboard's lock (needs uv and npm)
	cd $(DASHBOARD) && npm install --package-lock-only --ignore-scripts
	cd requirements && $(COMPILE) --no-deps sdk.in --output-file sdk.txt
	cd requirements && $(COMPILE) test.in --output-file test.txt
	cd requirements && $(COMPILE) --constraint test.txt bench.in --output-file bench.txt
	cd requirements && $(COMPILE) --constraint test.txt replay.in --output-file replay.txt

clean: ## remove everything that these targets made
	rm -rf $(VENV) build dist out $(DASHBOARD)/node_modules .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
