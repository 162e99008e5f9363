# Axonic Chain: every recipe here is what CI runs too. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# One target folder outside the checkout, shared by every clone, by tests and by CI.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/axonic/target
CARGO := .ci/cargo
BIN := $(CARGO_TARGET_DIR)/release
BUILD := build --release --locked
# The crates every build names, so that every build resolves the same features and shares artifacts.
APPS := -p axonic-node -p axonic-gateway

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 14

.PHONY: setup
setup: ## Install what building needs; safe to run twice
	@.ci/setup

.PHONY: run
run: setup ## Start a working chain on this machine (no relay chain)
	@$(CARGO) $(BUILD) -p axonic-node
	@$(BIN)/axonic-node --dev

.PHONY: demo
demo: build js ## Play HL7's published consent examples against a real node
	@cd clients/js && npm run --silent demo

.PHONY: build
build: setup
	@$(CARGO) $(BUILD) $(APPS)

# `npm ci` removes everything first, so it runs only when the lock file changed.
.PHONY: js
js: clients/js/node_modules/.package-lock.json
clients/js/node_modules/.package-lock.json: clients/js/package-lock.json
	@cd clients/js && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: test
test: build js ## Check and test everything
	@$(MAKE) --no-print-directory check
	@$(CARGO) test --release --locked --workspace
	@cd clients/js && npm test --silent

.PHONY: test-pallet
test-pallet: ## Test one pallet alone, in seconds: make test-pallet P=consent
	@$(CARGO) test --release --locked --lib -p $(if $(filter gs1 primitives,$(P)),axonic-$(P),pallet-$(P)) $(APPS)

.PHONY: check
check: setup ## Formatting, lints, and one version of each core crate
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --release --locked --workspace --all-targets --quiet -- -D warnings
	@for crate in sp-runtime sp-core sp-io frame-support sc-service; do \
		count=$$(grep -c "^name = \"$$crate\"$$" Cargo.lock); \
		[ "$$count" = 1 ] || { echo "Cargo.lock holds $$count versions of $$crate"; exit 1; }; \
	done

.PHONY: chain-specs
chain-specs: build ## Write chain-specs/*.json
	@for chain in dev:development local:local consortium:consortium; do \
		$(BIN)/axonic-node export-chain-spec --chain $${chain%%:*} --output chain-specs/$${chain##*:}.json 2>/dev/null; \
		echo "chain-specs/$${chain##*:}.json"; \
	done

# Balances too, so that what a call of ours costs can be compared with a transfer measured beside it.
MEASURED := audit balances consent consortium credentials drug_provenance health_records patient_identity
.PHONY: weights
weights: build ## Measure every call of our pallets in the WASM and write runtime/src/weights
	@wasm=$$(.ci/benchmark-wasm); for pallet in $(MEASURED); do \
		$(BIN)/axonic-node benchmark pallet --runtime "$$wasm" --genesis-builder runtime \
			--genesis-builder-preset development --pallet pallet_$$pallet --extrinsic '*' \
			--steps 20 --repeat 10 --min-duration 0 --hostname-override reference \
			--output runtime/src/weights/pallet_$$pallet.rs; \
	done; sed -i 's|^// .*/\(axonic-node\)$$|// \1|; s|^// .*/\(wasm32v1-none/\)|// target/\1|' \
		runtime/src/weights/pallet_*.rs

.PHONY: bench
bench: build js ## Print the figures that the README quotes, measured in one run
	@$(CARGO) $(BUILD) --quiet $(APPS) --example proof_cost --example verified_rows
	@$(BIN)/examples/proof_cost
	@cd clients/js && npm run --silent bench

.PHONY: clean
clean: ## Remove build output of this and every other clone
	@rm -rf "$(CARGO_TARGET_DIR)" clients/js/node_modules
