# Targets that people and CI call alike; `make help` lists them.

PYTHON ?= python3
VENV ?= .venv
WAREHOUSE ?= warehouse
CONNECTOR ?=
FILES_PATH ?=
VARS ?=
REPORTS ?= reports
PORT ?= 8765
AUDIENCES ?= audiences
CARE ?= care
EXPORTS ?= exports
GENERATION ?=
VERSIONS ?=
QUERY ?= --saved-query revenue_by_month

BIN := $(CURDIR)/$(VENV)/bin
SERVED := $(WAREHOUSE)/served/customer_segmentation.duckdb
SERVING := $(BIN)/python -m segmentation_serving
export SEGMENTATION_WAREHOUSE := $(WAREHOUSE)
# Hashes of e-mail addresses and phone numbers are salted; losing the salt changes them all.
export SEGMENTATION_SALT ?= $(shell cat .salt 2>/dev/null)
export DBT_PROFILES_DIR := $(CURDIR)/profiles
export DBT_TARGET_PATH := $(WAREHOUSE)/target
export DBT_LOG_PATH := $(WAREHOUSE)/logs

comma := ,
VAR_PAIRS := $(if $(CONNECTOR),connector: $(CONNECTOR)$(comma)) $(if $(FILES_PATH),files_path: $(FILES_PATH)$(comma)) $(VARS)
DBT_VARS := $(if $(strip $(VAR_PAIRS)),--vars '{$(VAR_PAIRS)}')

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# Hashes pin every package; nothing is resolved or built on the way.
define install
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/$(1).txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q -j 0 $(VENV)/lib >/dev/null || true
	touch $@
endef

$(VENV)/.run: requirements/run.txt pyproject.toml
	$(call install,run)

$(VENV)/.development: requirements/development.txt $(VENV)/.run
	$(call install,development)

$(VENV)/.engines: requirements/engines.txt $(VENV)/.run
	$(call install,engines)

$(VENV)/.postgres: requirements/postgres.txt $(VENV)/.run
	$(call install,postgres)

$(VENV)/.reports: requirements/reports.txt $(VENV)/.run
	$(call install,reports)

$(VENV)/.metrics: requirements/metrics.txt $(VENV)/.run
	$(call install,metrics)

$(VENV)/.workbook: requirements/workbook.txt $(VENV)/.run
	$(call install,workbook)

.salt:
	@umask 077 && $(PYTHON) -c "import secrets; print(secrets.token_hex(32))" > $@

.PHONY: build
build: $(VENV)/.run .salt ## Set up, build and publish: CONNECTOR= FILES_PATH= WAREHOUSE= VARS='name: value, ...'
	@mkdir -p $(WAREHOUSE)/work
	@$(SERVING) build $(DBT_VARS)
	@$(SERVING) publish

.PHONY: publish
publish: $(VENV)/.run ## Publish the last build, if all of it passed: WAREHOUSE=
	@$(SERVING) publish

.PHONY: rollback
rollback: $(VENV)/.run ## Serve an earlier publication again: WAREHOUSE= GENERATION=
	@$(SERVING) rollback $(if $(GENERATION),--generation $(GENERATION))

.PHONY: publish-postgres
publish-postgres: $(VENV)/.postgres ## Load what is published into PostgreSQL: PGHOST= ... or SEGMENTATION_POSTGRES_DSN=
	@$(SERVING) postgres

.PHONY: export-parquet
export-parquet: $(VENV)/.run ## Write what is published as Parquet files: WAREHOUSE= EXPORTS=
	@$(SERVING) export-parquet $(EXPORTS)

.PHONY: restate
restate: ## Write closed months anew: segments at the month ends that a build froze
	@$(MAKE) build VARS='restate_months: true$(if $(VARS),$(comma) $(VARS))'

.PHONY: boards
boards: $(VENV)/.reports ## Open the boards over what is published, live: WAREHOUSE= PORT=
	$(BIN)/python -m segmentation_boards serve $(SERVED) --port $(PORT)

.PHONY: report
report: $(VENV)/.reports ## Write the boards as HTML and PDF: WAREHOUSE= REPORTS=
	@$(BIN)/python -m segmentation_boards report $(SERVED) $(REPORTS)

.PHONY: pictures
pictures: $(VENV)/.reports ## Draw how the segments of a build were found: WAREHOUSE= REPORTS=
	$(BIN)/python -m segmentation_reports $(WAREHOUSE)/work/customer_segmentation.duckdb $(REPORTS)/pictures

.PHONY: activate
activate: $(VENV)/.run ## Write the files of published audiences after a build that passed: WAREHOUSE= AUDIENCES=
	@$(BIN)/python scripts/write_audiences.py $(WAREHOUSE)/work/customer_segmentation.duckdb $(DBT_TARGET_PATH) $(AUDIENCES)

.PHONY: care-plans
care-plans: $(VENV)/.run ## Write restricted offers, which nobody publishes, for you alone: WAREHOUSE= CARE=
	@$(BIN)/python scripts/write_care_plans.py $(WAREHOUSE)/work/customer_segmentation.duckdb $(DBT_TARGET_PATH) $(CARE)

.PHONY: metrics
metrics: $(VENV)/.metrics ## Ask the served file for metrics: QUERY='--saved-query revenue_by_month' WAREHOUSE=
	@$(BIN)/python scripts/query_metrics.py $(DBT_TARGET_PATH) --decimals 2 $(QUERY)

.PHONY: finance-workbook
finance-workbook: $(VENV)/.workbook ## Write finance's Excel workbook of what is published: WAREHOUSE= REPORTS=
	@$(BIN)/python -m segmentation_workbook $(SERVED) $(DBT_TARGET_PATH)/manifest.json $(REPORTS)/finance.xlsx

# In a folder of its own, so that the results of the last build stay what they were.
.PHONY: docs
docs: $(VENV)/.run ## Write the documentation of what is published as one page: CONNECTOR= WAREHOUSE=
	@$(BIN)/dbt parse --quiet --target serve --target-path $(WAREHOUSE)/docs $(DBT_VARS)
	@$(BIN)/dbt docs generate --quiet --static --no-compile --target serve --target-path $(WAREHOUSE)/docs $(DBT_VARS)
	@echo "Documentation: open $(WAREHOUSE)/docs/static_index.html in a browser"

# Quoted, because YAML reads 12345e678901 as a number.
.PHONY: promote
promote: ## Put pending versions in force: VERSIONS=abc123,def456
	@$(if $(strip $(VERSIONS)),,$(error VERSIONS is empty: name pending versions of \
		monitoring.segment_model_registry, as in make promote VERSIONS=abc123,def456))
	@$(MAKE) build VARS='promoted_versions: [$(subst " ","$(comma) ",$(patsubst %,"%",$(subst $(comma), ,$(VERSIONS))))]$(if $(VARS),$(comma) $(VARS))'

.PHONY: test
test: $(VENV)/.development ## Run every test, on warehouses of its own
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 15 tests/python

.PHONY: lint
lint: $(VENV)/.development ## Check Python, SQL and the rules between the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --processes 2 models tests/singular
	SEGMENTATION_SALT=lint $(BIN)/sqlfluff lint --config models/staging/sample_company/.sqlfluff models/staging/sample_company
	$(BIN)/dbt parse --quiet --target-path warehouse/target
	$(BIN)/dbt-bouncer run

# sqlfluff compiles one connector at a time.
.PHONY: lint-industries
lint-industries: $(VENV)/.engines $(VENV)/.development ## Check the SQL of the industries' connectors
	for industry in banking healthcare telecom travel; do \
		SEGMENTATION_SALT=lint $(BIN)/sqlfluff lint --config models/staging/$$industry/.sqlfluff models/staging/$$industry || exit 1; \
	done
	$(BIN)/python scripts/check_dialects.py banking healthcare telecom travel

.PHONY: dialects
dialects: $(VENV)/.engines $(VENV)/.development ## Compile every SQL model for Spark and check its functions
	$(BIN)/python scripts/check_dialects.py

.PHONY: bench
bench: $(VENV)/.development ## Measure dbt's overhead against a project of trivial nodes
	$(BIN)/python scripts/bench_overhead.py

.PHONY: bench-scale
bench-scale: $(VENV)/.development ## Measure learning and scoring at 100,000 and 1,000,000 customers
	$(BIN)/python scripts/bench_scale.py

.PHONY: system-packages
system-packages: ## Install the PostgreSQL server and the browser that tests use (as root)
	@scripts/install_system_packages.sh

.PHONY: ci
ci: system-packages lint dialects test ## What has to pass before a push

.PHONY: test-long
test-long: $(VENV)/.development ## Run the tests that take minutes each
	$(BIN)/python -m pytest tests/python -m long

.PHONY: ci-long
ci-long: ci lint-industries test-long bench ## What takes longer, before an issue is closed

.PHONY: lock
lock: $(VENV)/.development ## Renew requirements/*.txt from pyproject.toml
	scripts/lock.sh $(BIN)/uv

.PHONY: clean
clean: ## Remove what dbt compiled and logged; warehouses stay
	rm -rf target logs $(WAREHOUSE)/target $(WAREHOUSE)/logs
