# The house's front door: every way to build, check and try bzman. `make` alone lists them.

DENO := tools/deno

.DEFAULT_GOAL := help
.PHONY: help deno setup dist clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deno: ## fetch the pinned Deno, once, and say its version
	@$(DENO) --version

setup: ## fetch everything a build needs: the pinned Deno and the locked packages; offline from then on
	@$(DENO) install --frozen --quiet

# Every source a packaged bzman is made of.
SOURCES := $(shell find src tools/dist tools/dist.ts tools/permissions.ts -type f) deno.json deno.lock

dist: dist/bzman ## make dist/bzman, the one file for a storage server

dist/bzman: $(SOURCES)
	@$(DENO) run --quiet --allow-read --allow-write --allow-env --allow-run tools/dist.ts --output=$@

clean: ## remove what was built
	rm -rf dist coverage
