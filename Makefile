# One place for every command; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

CONFIGURATION ?= Release
# For `make demo`, for example --once, `make bench` and `make chaos`.
ARGS ?=
# For `make fuzz` and `make chaos`.
N ?=
SEED ?= 1
SOLUTION := CachePolicyOperator.sln
CACHEPOLICY_ASSETS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/cachepolicy
export CACHEPOLICY_ASSETS
export DOTNET_NOLOGO := 1
export DOTNET_CLI_TELEMETRY_OPTOUT := 1

# The executables, each published into the directory named after the slash.
CLI := src/CachePolicyOperator.Cli
OPERATOR := src/CachePolicyOperator.Operator
AGENT := src/CachePolicyOperator.Agent
CRDS := src/CachePolicyOperator.Crds
CHART := charts/cache-policy-operator

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  %-14s %s\n", $$1, $$2 }'

.PHONY: assets
assets: ## Bring what tests and demo need into a cache outside the repository (STEPS=… for some only)
	@tests/assets/assets.sh $(STEPS)

.PHONY: compile
compile: assets
	@dotnet build $(SOLUTION) -c $(CONFIGURATION) --no-restore -v quiet -p:UseSharedCompilation=true

.PHONY: build
build: compile ## Build all as it ships; leaves out/cachepolicy (and its link kubectl-cachepolicy), out/cachepolicy-operator/ and out/cachepolicy-agent/
	@dotnet publish $(CLI) -c $(CONFIGURATION) --no-restore -v quiet -o out
	@ln -sf cachepolicy out/kubectl-cachepolicy
	@dotnet publish $(OPERATOR) -c $(CONFIGURATION) --no-build -v quiet -o out/cachepolicy-operator
	@dotnet publish $(AGENT) -c $(CONFIGURATION) --no-restore -v quiet -o out/cachepolicy-agent
	@echo "out/cachepolicy is there"

.PHONY: test
test: compile ## Run every test on real parts; FILTER=… takes a dotnet test filter
	@CONFIGURATION=$(CONFIGURATION) tests/run-tests.sh

.PHONY: images
images: ## Build the images that the chart names into out/images (IMAGES=… begins their names, ONLY=… for some)
	@tests/assets/assets.sh images
	@charts/images/images.sh build $(ONLY)

.PHONY: images-lock
images-lock: ## Write down the newest packages for the images
	@tests/assets/assets.sh images
	@charts/images/images.sh lock

.PHONY: crds
crds: compile ## Write crds/ from the classes of CachePolicyOperator.Entities
	@$(CRDS)/bin/$(CONFIGURATION)/net10.0/cachepolicy-crds crds

.PHONY: verify-crds
verify-crds: compile ## Fail where crds/ is not what `make crds` writes
	@$(CRDS)/bin/$(CONFIGURATION)/net10.0/cachepolicy-crds crds --verify

.PHONY: docs
docs: compile ## Write docs/cli.md, docs/api.md and docs/diagnostics.md from the code
	@UPDATE_GOLDEN=1 dotnet test tests/CachePolicyOperator.Cli.Tests -c $(CONFIGURATION) --no-build -v quiet --filter FullyQualifiedName~Documents

.PHONY: krew
krew: build ## Pack the command line for kubectl's plugin manager into out/krew (ADDRESS=… is where the archive will be)
	@charts/krew/krew.sh $(ADDRESS)

.PHONY: chart
chart: crds ## Copy crds/ into the chart
	@rm -f $(CHART)/crds/*.yaml
	@cp crds/*.yaml $(CHART)/crds/

.PHONY: verify-chart
verify-chart: assets ## Fail where the chart's crds/ is not the repository's, or helm complains
	@diff -r crds $(CHART)/crds || { echo "run make chart"; exit 1; }
	@"$$(sed -n 's/^HELM=//p' $(CACHEPOLICY_ASSETS)/assets.env)" lint --strict --quiet $(CHART)

.PHONY: demo
demo: compile ## Replay the incident of 2018 on real parts (ARGS=--once stops at its end)
	@tests/CachePolicyOperator.Demo/bin/$(CONFIGURATION)/net10.0/cachepolicy-demo $(ARGS)

.PHONY: bench
bench: compile ## Measure the proof: time, memory, and against another automaton package (ARGS=--json for machines)
	@tests/CachePolicyOperator.Bench/bin/$(CONFIGURATION)/net10.0/cachepolicy-bench $(ARGS)

.PHONY: origins
origins: compile ## Run real web frameworks, hold the origin profiles to them, write docs/origin-profiles.md (ONLY=… for some)
	@tests/assets/assets.sh origins
	@tests/CachePolicyOperator.Origins/bin/$(CONFIGURATION)/net10.0/cachepolicy-origins . $(if $(ONLY),--only $(ONLY))

.PHONY: test-slow
test-slow: build images ## Run the long tests: the command line as it ships, pods in the images, more situations on real parts, and every VCL of Varnish's own sources (`make assets STEPS=varnish-source`)
	@CACHEPOLICY_PROGRAM=$(CURDIR)/out/cachepolicy dotnet test tests/CachePolicyOperator.Cli.Tests -c $(CONFIGURATION) --no-build -v quiet
	@CACHEPOLICY_AGENT_PROGRAM=$(CURDIR)/out/cachepolicy-agent/cachepolicy-agent CONFIGURATION=$(CONFIGURATION) FILTER=Category=Slow tests/run-tests.sh

.PHONY: test-engines
test-engines: compile ## Play conversations, leaks, agent, replay and N=… decisions of the oracle on every engine (ENGINES='7.7 9.0' for some)
	@tests/assets/assets.sh engines
	@CONFIGURATION=$(CONFIGURATION) tests/test-engines.sh $(or $(N),20000) $(ENGINES)

.PHONY: fuzz
fuzz: compile ## Compare the proof of VCL with real varnishd on N=… random requests (SEED=… others, GOLDEN=dir keeps what it finds)
	@tests/CachePolicyOperator.Oracle/bin/$(CONFIGURATION)/net10.0/CachePolicyOperator.Oracle --count $(or $(N),50000) --seed $(SEED) --fixtures tests --fixtures docs $(if $(GOLDEN),--golden $(GOLDEN)) $(ARGS)

.PHONY: chaos
chaos: compile ## Do N=… random things to a real site and its operator, and check after each what must always be so (SEED=… others)
	@tests/CachePolicyOperator.Chaos/bin/$(CONFIGURATION)/net10.0/cachepolicy-chaos --seed $(SEED) --count $(or $(N),100) $(ARGS)

.PHONY: lint
lint: assets ## Fail on code that is not formatted, or that an analyzer warns of
	@dotnet build $(SOLUTION) -c Debug --no-restore -v quiet -p:UseSharedCompilation=true
	@dotnet format $(SOLUTION) --verify-no-changes --no-restore --severity warn

.PHONY: fmt
fmt: assets ## Format the code
	@dotnet format $(SOLUTION) --no-restore --severity warn

.PHONY: ci
ci: lint verify-crds verify-chart test ## What must pass before a change lands

.PHONY: clean
clean: ## Remove what builds and tests left; the assets stay
	@rm -rf out TestResults
	@find src tests -depth -type d \( -name bin -o -name obj -o -name TestResults \) -exec rm -rf {} +
