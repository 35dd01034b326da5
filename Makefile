# Two commands do everything on a fresh machine: `make book` and `make test`.
# Both create .venv and install requirements.lock into it first. `make help` lists the rest.

VENV   := .venv
IN     := $(VENV)/bin
PORT   ?= 8000
WORKERS ?= 2
PIP_ARGS ?=

# The first Python that the course is made for. Name another one with `make book PYTHON=/path/to/python3.12`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do $$p -c $(VERSION_FITS) 2>/dev/null && { echo $$p; break; }; done)
VERSION_FITS := 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'

# Targets that exist once the set-up is complete.
PACKAGES := $(VENV)/.installed
WEB      := book/_web/node_modules/.installed

# TensorFlow and JAX are large, and only `make frameworks` needs them.
FRAMEWORKS := _build/frameworks-venv

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

##@ The two set-up commands
.PHONY: book test

book: $(PACKAGES) $(WEB) sandbox-if-allowed ## build the site, with every cell executed, in _build/html
	@$(IN)/jupyter-book build . --warningiserror --keep-going
	@echo
	@echo "The book is built. Open _build/html/index.html in a browser, or run: make serve"

test: $(PACKAGES) $(WEB) sandbox browser ## run every test (ARGS="-k max_pool" for some)
	OMP_NUM_THREADS=1 $(IN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

##@ Every day
.PHONY: serve check lint format links bench bench-grading frameworks lock images clean clean-all help

serve: ## show the built site at http://127.0.0.1:8000 (PORT=8001 for another port)
	@test -f _build/html/index.html || { echo "There is no book yet. Run: make book"; exit 1; }
	@echo "The book is at http://127.0.0.1:$(PORT) (Ctrl-C stops the server)"
	@$(IN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

check: lint sandbox ## lint, types and the fast tests, in about three minutes: before every commit
	OMP_NUM_THREADS=1 $(IN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow" -q $(ARGS)

lint: $(PACKAGES) ## ruff and mypy
	$(IN)/ruff check .
	$(IN)/ruff format --check .
	$(IN)/mypy

links: $(PACKAGES) $(WEB) ## ask other hosts whether the links that lead there still do (needs a network; only reports)
	@mkdir -p _build
	@$(IN)/jupyter-book build . --builder linkcheck > _build/links.log 2>&1 || true
	@sed -nE 's/^(.*\[(broken|redirected)[^]]*\].*)$$/\1/p' _build/linkcheck/output.txt
	@echo "All that was asked: _build/linkcheck/output.txt"

format: $(PACKAGES) ## let ruff format the code and mend what it can
	$(IN)/ruff check --fix .
	$(IN)/ruff format .

bench-grading: $(PACKAGES) sandbox ## measure grading beside nbgrader as it comes, in 10 minutes (ARGS=--help)
	@OMP_NUM_THREADS=1 $(IN)/python -m tests.benchmarks.grading $(ARGS)

bench: $(PACKAGES) ## measure the layers beside PyTorch and others, in 8 minutes (ARGS=--quick: half a minute; ARGS=--help)
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 $(IN)/python -m tests.benchmarks $(ARGS)

frameworks: $(PACKAGES) $(FRAMEWORKS)/.installed ## ask TensorFlow, JAX and others about the corners of pooling, for chapter 7 (2.5 GB the first time)
	@$(IN)/python -m book.frameworks --elsewhere $(FRAMEWORKS)/bin/python

lock: $(PACKAGES) ## write requirements.lock, locks/ and book/_web/package-lock.json anew (UPGRADE=1: newest versions)
	$(IN)/uv pip compile pyproject.toml --universal --python-version 3.11 --all-extras --group dev \
	    --no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --quiet --output-file requirements.lock
	$(IN)/uv pip compile --group pyproject.toml:frameworks --universal --python-version 3.11 \
	    --no-annotate --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade) --quiet --output-file locks/frameworks.txt
	PATH="$(CURDIR)/$(IN):$$PATH" npm install --prefix book/_web --package-lock-only --ignore-scripts

images: $(PACKAGES) ## draw the README's picture, the site's icons and its preview anew
	$(IN)/python -m pooling.figures book/images

clean: ## remove what builds and tests wrote
	rm -rf _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests book/_ext -name __pycache__ -type d -prune -exec rm -rf {} +

clean-all: clean ## remove the virtual environment and the npm packages too
	rm -rf $(VENV) book/_web/node_modules src/*.egg-info

help: ## list the commands
	@awk 'BEGIN { FS = ":.*## " } \
	    /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo

# ---- set-up: each stamp is written last, so an interrupted set-up is completed by the next command ----

$(PACKAGES): requirements.lock pyproject.toml
	@$(IN)/python -c $(VERSION_FITS) 2>/dev/null && $(IN)/python -m pip --version >/dev/null 2>&1 || $(MAKE) --silent create-venv
	@echo "Installing requirements.lock into $(VENV) (several minutes the first time)"
	@$(IN)/python -m pip install --disable-pip-version-check --quiet $(PIP_ARGS) -r requirements.lock
	@$(IN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(FRAMEWORKS)/.installed: locks/frameworks.txt | $(PACKAGES)
	@echo "Installing locks/frameworks.txt into $(FRAMEWORKS) (2.5 GB; several minutes the first time)"
	@$(IN)/python -m venv --clear $(FRAMEWORKS)
	@$(FRAMEWORKS)/bin/python -m pip install --disable-pip-version-check --quiet $(PIP_ARGS) -r $< || { \
	    echo "TensorFlow, JAX and the others could not be installed. book/data/frameworks.json is as it was."; exit 1; }
	@touch $@

.PHONY: create-venv
create-venv:
	@test -n "$(PYTHON)" || { \
	    echo "The course needs Python 3.11, 3.12 or 3.13, and none of them was found. What was found:"; \
	    for p in python3.11 python3.12 python3.13 python3 python; do \
	        command -v $$p >/dev/null 2>&1 && echo "  $$p: $$($$p --version 2>&1 | head -n 1)"; done; \
	    echo "Install one (from python.org, or with your system's package manager), or name one you have:"; \
	    echo "  make book PYTHON=/path/to/python3.11"; exit 1; }
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no PYTHON=$(PYTHON)."; exit 1; }
	@"$(PYTHON)" -c $(VERSION_FITS) || { \
	    echo "PYTHON=$(PYTHON) is $$("$(PYTHON)" --version 2>&1 | head -n 1); the course needs 3.11, 3.12 or 3.13."; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	    echo "$(PYTHON) cannot create virtual environments: its venv or ensurepip module is missing."; \
	    echo "On Debian and Ubuntu, install the package python3-venv (or python3.11-venv, for that version)."; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON)"
	@"$(PYTHON)" -m venv --clear $(VENV)

# Grading runs submissions in bubblewrap, a program of the system's. Its tests cannot do without.
.PHONY: sandbox sandbox-if-allowed
sandbox: $(PACKAGES)
	@$(IN)/python -m course.grading.installing
sandbox-if-allowed: $(PACKAGES)
	@$(IN)/python -m course.grading.installing --try

# The tests of the site look at it in Chromium, another program of the system's.
.PHONY: browser
browser: $(PACKAGES)
	@$(IN)/python -m tests.browser.chromium

$(WEB): book/_web/package.json book/_web/package-lock.json | $(PACKAGES)
	@echo "Installing the site's npm packages into book/_web/node_modules"
	@PATH="$(CURDIR)/$(IN):$$PATH" npm ci --prefix book/_web --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
