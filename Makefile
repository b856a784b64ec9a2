# Each target installs what it needs into .venv. Required: Python 3.9 or newer (on Debian with
# python3-venv) and access to PyPI. The dashboard tests also need nodejs, npm and chromium and are
# skipped without them.

PYTHON ?= python3
PYTEST_ARGS ?= --numprocesses auto --maxprocesses 4 --dist loadfile
BENCH_ARGS ?=
DEMO_ARGS ?=
DASHBOARD := tests/dashboard
VENV := .venv
PY := $(VENV)/bin/python
INSTALL := $(PYTHON) requirements/install.py $(VENV)
INSTALL_NODE := $(PYTHON) requirements/install_node.py $(DASHBOARD)
COMPILE := uv pip compile --quiet --universal --python-version 3.9 --fork-strategy fewest \
  --generate-hashes --no-header

.DEFAULT_GOAL := help
.PHONY: help demo test compose format package screenshots bench-detection bench-speed bench-calibration bench-honesty bench-ablation lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 18

demo: ## every shipped rule on the logs of a simulated office with planted transfers (DEMO_ARGS=--full)
	@$(INSTALL) requirements/replay.txt
	@$(PY) -m office.demo $(DEMO_ARGS)

test: ## all tests, conf checks, the package and AppInspect
	@$(INSTALL) requirements/test.txt
	@$(INSTALL_NODE)
	@$(PY) -m pytest $(PYTEST_ARGS)

compose: ## write default/*.conf, the lookup of data needs and docs/analytics.md from their sources
	@$(INSTALL) requirements/test.txt
	@$(PY) -m compose

format: ## format the Python code and fix what ruff can fix
	@$(INSTALL) requirements/test.txt
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

package: ## dist/scheduled_transfer-<version>.spl
	@$(INSTALL) requirements/test.txt
	@PYTHON=$(PY) ./package.sh

screenshots: ## docs/images/*.png: the dashboards with the demo's data (needs node, npm, Chromium)
	@$(INSTALL) requirements/test.txt
	@$(INSTALL_NODE)
	@$(PY) -m tests.dashboard.screenshots

bench-detection: ## detection quality compared with peers (BENCH_ARGS="--data DIR")
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.detection $(BENCH_ARGS)

bench-speed: ## pairs per second compared with RITA's formulas
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.speed $(BENCH_ARGS)

bench-calibration: ## share of p < 0.01 on traffic without a schedule (nominal 1 %)
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.calibration $(BENCH_ARGS)

bench-honesty: bench-calibration

bench-ablation: ## what each special case of the scorer earns (BENCH_ARGS="--data DIR")
	@$(INSTALL) requirements/bench.txt
	@$(PY) -m bench.ablation $(BENCH_ARGS)

lock: ## compile requirements/*.in to *.txt and tests/dashboard's lock (needs uv and npm)
	cd $(DASHBOARD) && npm install --package-lock-only --ignore-scripts
	cd requirements && $(COMPILE) --no-deps sdk.in --output-file sdk.txt
	cd requirements && $(COMPILE) --no-deps public_suffixes.in --output-file public_suffixes.txt
	cd requirements && $(COMPILE) help.in --output-file help.txt
	cd requirements && $(COMPILE) test.in --output-file test.txt
	cd requirements && $(COMPILE) --constraint test.txt bench.in --output-file bench.txt
	cd requirements && $(COMPILE) --constraint test.txt replay.in --output-file replay.txt

clean: ## remove everything that these targets create
	rm -rf $(VENV) build dist out lookups/t1029_public_suffixes.csv $(DASHBOARD)/node_modules .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
