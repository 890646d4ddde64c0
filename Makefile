# make demo | run | test | bench: everything happens in .venv, which the first of them creates.
# make screenshots: pictures of every page and dialog into build/screenshots, in both themes and two sizes.
# make languages: takes new texts of the window into resources/languages/*.po and compiles them.
# make package: the program and its installers for this system, from an environment of its own (packaging/README.md).
PYTHON ?= python3
TORCH ?= installed
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: demo run test test-slow bench check screenshots languages package clean

demo: $(INSTALLED)
	$(BIN)/acutance demo --overwrite

run: $(INSTALLED)
	$(BIN)/acutance

test: $(INSTALLED) check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-slow: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m slow

bench: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m bench -s tests/bench

screenshots: $(INSTALLED)
	$(BIN)/python -m app.window.screenshots

languages: $(INSTALLED)
	$(BIN)/python packaging/translations.py

package:
	$(PYTHON) packaging/package.py --torch $(TORCH)

clean:
	rm -rf .venv build dist acutance-demo

$(INSTALLED): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(INSTALLED)
