# The README's two commands are `make demo` and `make test`. Both make .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Most tests wait for processes of their own, so there are more than there are cores; in our order (tests/conftest.py).
IN_PARALLEL := -n 4 --dist loadfile --no-loadscope-reorder

# Tests start hundreds of processes: each would compile all that is ours anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-long soak bench quality lint audit venv browser network lock clean

demo: venv
	$(BIN)/kliping demo $(ARGS)

test: lint browser network
	$(BIN)/python -m pytest -m "not long and not soak" $(IN_PARALLEL) $(ARGS)

test-long: venv browser network
	$(BIN)/python -m pytest -m "(long or fault or hypothesis) and not soak" --long --timeout=3600 $(IN_PARALLEL) $(ARGS)

# Weekly: two hours beside whatever else the machine does; make soak ARGS=--soak-minutes=20 is shorter.
soak: venv
	$(BIN)/python -m pytest tests/e2e/soak -m soak --table -s $(ARGS)

bench: venv
	$(BIN)/python -m bench $(ARGS)

# make quality AEB=/path/of/article-extraction-benchmark also measures the generic reading on that.
quality: venv
	$(BIN)/python -m bench.quality $(if $(AEB),--aeb $(AEB)) $(ARGS)

lint: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Before a release: whether anything that is locked has a known weakness. Needs the network, and the index that knows.
# PYSEC-2017-83 is of all Scrapys, and of the files that they store: none are stored here, and a body has its limit
# (tests/crawler/test_bodies.py). ARGS="--vulnerability-service osv" asks another service.
audit:
	test -x build/audit/bin/pip-audit || ($(PYTHON) -m venv build/audit && build/audit/bin/pip install --quiet pip-audit)
	build/audit/bin/pip-audit --requirement requirements.lock --disable-pip --require-hashes --strict \
		--ignore-vuln PYSEC-2017-83 $(ARGS)

venv: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml scripts/prepare
	sh scripts/prepare $(PYTHON) $(VENV)
	touch $@

# The tests render pages; the demo does without, so that it need not wait for this.
browser:
	sh scripts/prepare-browser

# They also make machines of their own, to cut them off.
network:
	sh scripts/prepare-network

# After a change of the dependencies in pyproject.toml.
lock: venv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
		--extra embedded --extra browser --extra bench --extra dev --output-file requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) var build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
