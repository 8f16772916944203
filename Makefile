# make run: everything from nothing to the open window. make test: lint and all tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: run test lint fix bench soak translations reference screenshots clean

run: $(VENV)/.installed
	@.ci/system-libraries
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || [ "$$(uname)" = Darwin ]; then \
		$(BIN)/aigc-studio; \
	else \
		echo "There is no display here, so the app's main job runs without its window."; \
		$(BIN)/aigc-studio tour --out tour; \
	fi

# Lint goes on beside the tests, and what it says comes after them; either's failure is one.
test: $(VENV)/.developer
	@.ci/system-libraries
	@said=$$(mktemp); $(MAKE) --no-print-directory lint > $$said 2>&1 & lint=$$!; \
	$(BIN)/python -m pytest -n 3; tested=$$?; \
	wait $$lint; linted=$$?; cat $$said; rm -f $$said; \
	[ $$tested -eq 0 ] && [ $$linted -eq 0 ]

lint: $(VENV)/.developer
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: $(VENV)/.developer
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.developer
	@.ci/system-libraries
	AIGC_BENCH_NAPARI="$(NAPARI)" AIGC_BENCH_PEERS="$(PEERS)" AIGC_BENCH_PLAIN="$(PLAIN)" $(BIN)/python tests/benchmarks/run.py

soak: $(VENV)/.developer
	@.ci/system-libraries
	$(BIN)/python tests/soak/soak.py

translations: $(VENV)/.developer
	$(BIN)/python .ci/translations.py --update

reference: $(VENV)/.developer
	$(BIN)/python .ci/reference.py --update

screenshots: $(VENV)/.developer
	$(BIN)/python .ci/screenshots.py docs/images

# The stamps make a second call cheap; a change of pyproject.toml installs again.
$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.developer: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) build dist tour .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
