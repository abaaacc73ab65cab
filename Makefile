PYTHON ?= python3.11
UV := .venv/bin/uv
SYNC := $(UV) sync --locked --quiet --compile-bytecode
export UV_PYTHON_DOWNLOADS := never

.PHONY: setup demo test check bench

setup: .venv/.synced

$(UV):
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.synced: $(UV) pyproject.toml uv.lock
	$(SYNC) || $(SYNC) --system-certs  # behind a proxy with its own certificates the bundled ones don't do
	@touch $@

demo: setup
	.venv/bin/mecra demo $(ARGS)

test: setup
	.venv/bin/python -m pytest $(ARGS)

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: setup
	$(SYNC) --group bench
	.venv/bin/python -m tests.bench $(ARGS)
