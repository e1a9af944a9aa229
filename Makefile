# Everything a fresh machine needs: Python 3.11 or 3.12 (with venv), make, git and libgomp1. `make demo` and `make test` do the rest.
PYTHON ?= $(shell for p in python3.12 python3.11 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' >/dev/null 2>&1 && command -v "$$p" && break; done)
BIN := .venv/bin
UV_VERSION := 0.13.9
export DO_NOT_TRACK := true
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export UV_PROJECT_ENVIRONMENT := .venv
unexport PYTHONDONTWRITEBYTECODE  # without compiled modules every process of a demo or a test compiles 1,500 of them again

.PHONY: setup demo test lint bench docs clean

setup: .venv/.ready  ## create .venv with the locked dependencies and the command `tenure`

.venv/.ready: uv.lock pyproject.toml
	@sh .ci/machine "$(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --frozen --quiet --no-dev --inexact
	@touch $@

.venv/.ready-dev: .venv/.ready
	@$(BIN)/uv sync --frozen --quiet --inexact
	@touch $@

demo: setup  ## a bilingual company: generate, train, score, deliver, and how to open the page
	@$(BIN)/tenure demo

test: .venv/.ready-dev  ## the whole specification, with a real browser and a real Postgres
	@sh .ci/chromium
	@$(BIN)/python -m pytest

lint: .venv/.ready-dev  ## style, types and the one-way rule
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: .venv/.ready-dev  ## long proofs: BENCH=<script> ARGS="<folder> …"; without BENCH, the list
	@if [ -z "$(BENCH)" ]; then ls benchmarks/*.py; else $(BIN)/python $(BENCH) $(ARGS); fi

docs: .venv/.ready-dev  ## write the generated reference pages again
	@$(BIN)/python docs/make.py

clean:
	rm -rf .venv .tenure
