# The house's front door: every way to build, check and try bzman. `make` alone lists them.

DENO := tools/deno

.DEFAULT_GOAL := help
.PHONY: help deno setup

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deno: ## fetch the pinned Deno, once, and say its version
	@$(DENO) --version

setup: ## fetch everything a build needs: the pinned Deno and the locked packages; offline from then on
	@$(DENO) install --frozen --quiet
