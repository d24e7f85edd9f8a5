# Two commands do it all: `make corpus` and `make test`. Everything goes into .venv; nothing else is touched.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP   = $(VENV)/.installed-$(1)
# Label Studio and its SDK want other versions than the rest: an environment of their own, with Hexapla in it
STUDIO := .venv-labelstudio

.PHONY: corpus test test-live lint bench bench-labelstudio release baselines leaderboard tables pictures clean

corpus: $(call STAMP,core)  ## Install, build the corpus of seeds/, print a summary and the report's path
	@$(BIN)/hexapla build seeds -o build

test: $(call STAMP,test)  ## Install what the tests need and run them
	@$(BIN)/python -m pytest -m "not live"

test-live: $(call STAMP,live) $(STUDIO)/.installed  ## The tests in a real browser (Debian's chromium; installed where we may) and with a real Label Studio
	@$(BIN)/python -m pytest -m live tests/live --ignore tests/live/test_labelstudio.py
	@$(STUDIO)/bin/python -m pytest -o addopts="--strict-markers -q" tests/live/test_labelstudio.py tests/test_annotate_server.py tests/test_annotate_sdk.py

lint: $(call STAMP,lint)
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(call STAMP,test)  ## Full-size benchmarks; see docs/
	@$(BIN)/python bench/build.py
	@$(BIN)/python bench/release.py
	@$(BIN)/python bench/scoring.py
	@$(BIN)/python bench/hostile.py
	@$(BIN)/python bench/quantities.py speed

release: $(call STAMP,test)  ## Write data/ from the built corpus
	@$(BIN)/hexapla build seeds -o build && $(BIN)/hexapla release build -o data

baselines: $(call STAMP,test)  ## Train and score every baseline; write the submissions and baselines/results.md
	@$(BIN)/python baselines/run_all.py data

leaderboard: $(call STAMP,test)
	@$(BIN)/hexapla leaderboard build

pictures: $(call STAMP,live)  ## The pictures of README and docs, from a real browser
	@$(BIN)/python docs/make_pictures.py

bench-labelstudio: $(STUDIO)/.installed  ## A thousand tasks to a real Label Studio and back
	@$(STUDIO)/bin/python bench/labelstudio.py

tables: $(call STAMP,tables)  ## Maintainers: write the CLDR tables again
	@$(BIN)/python -m hexapla.quantities.build_tables && $(BIN)/python -m hexapla.build_places && $(BIN)/python -m hexapla.align.build_concepts

clean:
	rm -rf $(VENV) $(STUDIO) build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hexapla needs Python 3.11 or newer; try: make PYTHON=python3.12 corpus")'
	@$(PYTHON) -m venv $(VENV)

# one stamp per set of extras; a changed pyproject.toml installs again
$(VENV)/.installed-core: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e . && touch $@
$(VENV)/.installed-test: $(VENV)/.installed-core
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[all,test]' && touch $@
$(VENV)/.installed-live: $(VENV)/.installed-test
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[live]' && sh tests/live/install_browser.sh && touch $@
# uv installs Label Studio in a third of pip's time
$(STUDIO)/.installed: $(VENV)/.installed-live
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv && $(PYTHON) -m venv --without-pip --clear $(STUDIO)
	@$(BIN)/uv pip install -q --python $(STUDIO)/bin/python -e '.[labelstudio,live,test]' 'label-studio==1.23.*' && touch $@
$(VENV)/.installed-lint: $(VENV)/.installed-test
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[lint]' && touch $@
$(VENV)/.installed-tables: $(VENV)/.installed-core
	@$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[tables]' && touch $@
