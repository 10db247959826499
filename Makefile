# The house's front door: every way to build, check and try bzman. `make` alone lists them.

DENO := tools/deno
TESTS := $(DENO) run --quiet --no-prompt --allow-read --allow-write --allow-env --allow-run --allow-net --allow-sys \
  tools/run_tests.ts

# Every source a packaged bzman is made of.
SOURCES := $(shell find src tools/dist tools/dist.ts tools/permissions.ts -type f) deno.json deno.lock

.DEFAULT_GOAL := help
.PHONY: help setup check test lab demo bench chaos dist clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## fetch the pinned Deno and the locked packages, once; all the rest of the build works offline
	@$(DENO) install --frozen --quiet
	@$(DENO) bundle --quiet tools/permissions.ts >/dev/null # the bundler comes with its first use

check: setup ## form, lint, types, house rules and the fast tests, in under a minute
	@$(TESTS) fast

test: setup ## everything: make check, then dist/bzman against real ZFS; LAB=NAME runs only those lab tests
	@$(TESTS) $(if $(LAB),lab '$(LAB)',all)

lab: dist ## boot two hosts with ZFS and open a shell that knows them
	@lab/shell

demo: dist ## watch a first copy, an increment, their proof, the log and the report, on two real hosts
	@tools/demo

bench: dist ## measure bzman against a raw pipe and its peers, and hold it to its budgets
	@tools/bench

chaos: dist ## cut, kill and power off at random; SEED=N repeats a campaign, ROUNDS=N bounds it (200)
	@tools/chaos

dist: setup dist/bzman ## make dist/bzman, the one file for a storage server

dist/bzman: $(SOURCES)
	@$(DENO) run --quiet --no-prompt --allow-read --allow-write --allow-env --allow-run tools/dist.ts --output=$@

clean: ## remove what was built
	rm -rf dist coverage
