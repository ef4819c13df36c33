# One command each; `make` alone lists them. The environment is .venv, made when first needed.

SUBMISSIONS ?= examples/submissions
RESULTS ?= results
ASSIGNMENT ?=
CONFINEMENT ?= required
DRAWS ?= 20
REPORT ?= docs/validity
ONLY ?=
ROUNDS ?= 5
COUNT ?= 10000
KILLS ?= 50

# The first Python that is new enough.
PYTHON ?= $(shell for each in python3 python3.11 python3.12 python3.13 python3.14; do \
  $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV := .venv
READY := $(VENV)/.ready
ORACLE := $(VENV)/.oracle
FUZZ := $(VENV)/.fuzz
LAB := .jupyterlab
RUN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help dist grade gradescope test check validity oracle fuzz bench soak faults pictures clean

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || \
	  { echo "Gradus needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3"; exit 2; }
	@test -x $(RUN)/python || $(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 2; }
	@echo "installing the environment in $(VENV)/ ..."
	@$(RUN)/python -m pip install --quiet --constraint constraints.txt --editable '.[development]'
	@touch $@

$(ORACLE): $(READY)
	@$(RUN)/python -m pip install --quiet --constraint constraints.txt --editable '.[oracle]'
	@touch $@

$(FUZZ): $(READY)
	@$(RUN)/python -m pip install --quiet --constraint constraints.txt --editable '.[fuzz]'
	@touch $@

# Apart from the rest: beside JupyterLab every import of nbformat takes a second longer.
$(LAB)/.ready: constraints.txt | $(READY)
	@test -x $(LAB)/bin/python || $(RUN)/python -m venv $(LAB)
	@$(LAB)/bin/python -m pip install --quiet --constraint constraints.txt jupyterlab
	@touch $@

dist: $(READY)  ## build student/ and dist/ from reference/ and assignments/
	@$(RUN)/gradus dist

grade: dist  ## grade SUBMISSIONS (the examples by default) into RESULTS
	@$(RUN)/gradus grade $(SUBMISSIONS) --out $(RESULTS)

gradescope: dist  ## pack Gradus with ASSIGNMENT (all by default) for Gradescope, into dist/
	@$(RUN)/gradus gradescope $(ASSIGNMENT) --confinement $(CONFINEMENT)

test: $(READY) $(LAB)/.ready  ## run the tests
	@$(RUN)/python -m pytest --quiet --numprocesses auto --dist loadfile

check: $(READY)  ## lint, formatting and types
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/mypy

validity: $(READY)  ## the laws for every exercise, and right answers graded DRAWS times; writes docs/validity/
	@$(RUN)/gradus validate --draws $(DRAWS) --out $(REPORT)

oracle: $(ORACLE)  ## compare every reference with PyTorch, SciPy and scikit-learn
	@$(RUN)/python -m pytest --quiet -m oracle

fuzz: $(FUZZ)  ## feed over a million hostile inputs to what reads submissions and answers
	@$(RUN)/python -m tests.fuzz.run

bench: dist  ## compare speed and memory with other graders, or measure ONLY a part; writes docs/benchmarks.md
	@$(RUN)/python -m bench $(ONLY) --rounds $(ROUNDS)

soak: dist  ## grade COUNT submissions in one run: nothing lost, every known mistake found, memory flat
	@$(RUN)/python -m tests.soak.run --count $(COUNT)

faults: dist  ## kill graders, servers and workers KILLS times: the results stay the same
	@$(RUN)/python -m tests.soak.faults --kills $(KILLS)

pictures: $(READY)  ## make the screenshots in docs/pictures/ again; needs chromium
	@$(RUN)/python -m tests.browser.pictures

clean:  ## remove everything that can be built again
	rm -rf $(VENV) $(LAB) dist results build
