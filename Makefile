PYTHON ?= python3.11
UV := .venv/bin/uv
SYNC := $(UV) sync --locked --quiet --compile-bytecode
export UV_PYTHON_DOWNLOADS := never

.PHONY: setup demo browser test check bench fuzz bench-faults

setup: .venv/.synced

$(UV):
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

.venv/.synced: $(UV) pyproject.toml uv.lock
	$(SYNC) || $(SYNC) --system-certs  # behind a proxy with its own certificates the bundled ones don't do
	@touch $@

demo: setup
	.venv/bin/mecra demo $(ARGS)

# The tests look at the panel in Debian's Chromium. Where it can't be had they are skipped and say so; in CI they fail.
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo -n)
browser:
	@command -v chromium >/dev/null || { command -v apt-get >/dev/null && $(AS_ROOT) apt-get update -qq && \
	$(AS_ROOT) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null; } || \
	echo "There is no Chromium, and none could be installed: the tests of the panel in a browser are skipped (as root: apt-get install chromium)."

test: setup browser
	.venv/bin/python -m pytest $(ARGS)

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: setup
	$(SYNC) --group bench
	.venv/bin/python -m tests.bench $(ARGS)

# Airbyte's CDK asks for other versions than we do: an environment of its own, pinned.
bench-faults: setup
	$(SYNC) --group bench
	$(UV) venv --quiet --clear .bench/airbyte
	$(UV) pip sync --quiet --python .bench/airbyte/bin/python tests/bench_faults/airbyte.txt
	.venv/bin/python -m tests.bench_faults $(ARGS)

# Guided by coverage where atheris can be had, which is no part of the environment; else by chance from the same seeds.
GUIDED := $(UV) run --no-sync --quiet --with atheris==3.0.0
fuzz: setup
	if $(GUIDED) python -c "import atheris"; then $(GUIDED) python -m tests.fuzz $(ARGS); else .venv/bin/python -m tests.fuzz $(ARGS); fi

# What mecra is made of, as CycloneDX; and whether any of it has a hole that is known (OSV). Who could not ask knows nothing: that fails too.
.PHONY: sbom audit
sbom: setup
	@$(UV) export --quiet --locked --no-dev --format cyclonedx1.5 --preview-features sbom-export $(ARGS)

audit: setup
	@$(UV) audit --locked --preview-features audit-command $(ARGS) || { said=$$?; \
	[ $$said -eq 1 ] || echo "The advisory service could not be asked, so nothing is known: https://api.osv.dev has to be reached." >&2; exit $$said; }
