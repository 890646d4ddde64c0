# make demo | run | test | bench: everything happens in .venv, which the first of them creates.
# make docs: the documentation site, in build/site. make pictures: its pictures. make coverage: which lines tests reach.
# make screenshots: pictures of every page and dialog into build/screenshots, in both themes and two sizes.
# make languages: takes new texts of the window into resources/languages/*.po and compiles them.
# make package: the program and its installers for this system, from an environment of its own (packaging/README.md).
PYTHON ?= python3
TORCH ?= installed
BIN := .venv/bin
INSTALLED := .venv/installed
FORMS := $(addprefix .github/ISSUE_TEMPLATE/,fault.yml result.yml wish.yml)
DOCUMENTS := $(wildcard *.md docs/*.md docs/decisions/*.md training/*.md packaging/*.md)
COVERED := 94

.PHONY: demo run test test-slow bench check docs coverage pictures screenshots languages package clean

demo: $(INSTALLED)
	$(BIN)/acutance demo --overwrite

run: $(INSTALLED)
	$(BIN)/acutance

test: $(INSTALLED) check docs
	OMP_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-issue-forms $(FORMS)
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.dependabot .github/dependabot.yml
	$(BIN)/proselint check --config .proselintrc.json $(DOCUMENTS)

docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

coverage: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest --cov --cov-report=term --cov-report=html --cov-fail-under=$(COVERED)

pictures: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python docs/pictures.py

test-slow: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m slow

bench: $(INSTALLED)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m bench -s tests/bench

screenshots: $(INSTALLED)
	$(BIN)/python -m tools.screenshots

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
