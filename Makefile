# The same names as in script/, and what developers add. `make check test` is what CI asks.
python := .venv/bin/python
flask := $(python) -m flask --app wsgi
export PYTHONPATH := $(CURDIR)

.PHONY: setup run test check format lint types contracts translations docs demo bench soak \
	messages build-docs lock

setup:
	script/setup test

run:
	script/run

test:
	script/test

check: setup format lint types contracts translations docs

format:
	$(python) -m ruff format --check .

lint:
	$(python) -m ruff check .

types:
	$(python) -m mypy

contracts:
	$(python) -c "from importlinter.cli import lint_imports_command as c; c()" --no-logo

translations:
	$(python) script/check-translations

docs:
	$(flask) docs build --check

# The story of the product, told by its services; the papers are left in out/.
demo: setup
	$(flask) demo play

bench: setup
	$(python) -m bench

soak: setup
	$(python) -m pytest -m soak -o faulthandler_timeout=0

# --- what writes files ---

messages: setup
	$(python) script/check-translations --update

build-docs: setup
	$(flask) docs build

lock: setup
	for list in uv run dev; do \
	    $(python) -m uv pip compile --quiet --universal --python-version 3.11 \
	        --generate-hashes --no-emit-index-url --override requirements/overrides.txt \
	        requirements/$$list.in -o requirements/$$list.txt || exit 1; \
	done
