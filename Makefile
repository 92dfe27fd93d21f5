# Two commands: `make run` and `make test`. Everything else is for those who build Relais.
SHELL := /bin/bash
PYTHON ?=
export PYTHON
export MODE ?= development
# What is compiled is kept: a machine that forbids it pays seconds of a processor whenever a program starts.
unexport PYTHONDONTWRITEBYTECODE
PART ?=
SCALE ?= small
ARGS ?=

BIN := .venv/bin
# The tests' own PostgreSQL outlives a process of theirs; here it is stopped, and the status is the one of what ran.
AFTERWARDS = status=$$?; $(BIN)/python manage.py forget --only-stop; exit $$status
CATALOGUES := $(wildcard portal/locale/*/LC_MESSAGES/django.po)

.PHONY: help run test screens proof bench lint lock messages clean ready browser paper
help:
	@echo "make run      start Relais on this machine (Ctrl-C stops it, the data stays)"
	@echo "make test     the test suite; ARGS='tests/gate -k stop' for a part of it"
	@echo "make screens  every page in both languages on a phone and on a desk; make test takes each once"
	@echo "make proof    the promises, one line each; PART=name, SCALE=small|full"
	@echo "make bench    the figures as JSON; PART=name, SCALE=small|full"
	@echo "make lint     style, types, import contracts"
	@echo "make messages collect the words to translate; make lock; make clean"

run: ready paper
	@exec $(BIN)/python manage.py serve

test: ready browser paper
	@$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS); $(AFTERWARDS)

screens: export EVERY_SCREEN = 1
screens: ready browser
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/portal/browser $(ARGS); $(AFTERWARDS)

proof: ready
	@$(BIN)/python manage.py proof $(PART) --scale $(SCALE); $(AFTERWARDS)

bench: ready
	@$(BIN)/python manage.py bench $(PART) --scale $(SCALE); $(AFTERWARDS)

# Each says what it finds, even when one before it found something.
lint: ready
	@status=0; \
	$(BIN)/ruff check . || status=1; \
	$(BIN)/ruff format --check . || status=1; \
	$(BIN)/mypy || status=1; \
	$(BIN)/lint-imports || status=1; \
	exit $$status

lock: .venv/installed
	$(BIN)/uv lock --quiet --system-certs
	$(BIN)/uv export --quiet --all-groups --format requirements-txt --no-emit-project --no-header --output-file requirements.lock
	.ci/bootstrap

messages: ready
	@.ci/system-libraries msgmerge=gettext
	$(BIN)/python manage.py makemessages --locale fr --no-wrap --add-location file --ignore .venv --ignore tests

# What a machine needs before anything runs: the packages, and the catalogues in the form that programs read.
ready: .venv/installed $(CATALOGUES:.po=.mo)

.venv/installed: requirements.lock
	@.ci/bootstrap

%.mo: %.po .venv/installed
	@$(BIN)/pybabel --quiet compile --domain django --input-file $< --output-file $@
	@test -e $@ || echo "$<: its header is marked fuzzy, so nothing of it is used: remove that mark"

# What draws text on PDFs. Without it everything else works, and whoever asks for a PDF is told.
paper: .venv/installed
	@$(BIN)/python -c "import weasyprint" >/dev/null 2>&1 || \
		.ci/system-libraries no-pango=libpango-1.0-0 no-pangoft2=libpangoft2-1.0-0 no-subset=libharfbuzz-subset0

browser:
	@command -v chromium-headless-shell chromium chromium-browser >/dev/null || \
		.ci/system-libraries chromium-headless-shell=chromium-headless-shell

# Stops nothing: end `make run` first. Also forgets the data of this machine.
clean:
	@if [ -e .venv/installed ]; then $(BIN)/python manage.py forget; fi
	rm -rf .venv .relais static-collected .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find portal -name '*.mo' -delete
