# SPDX-License-Identifier: MIT
# Bonigate. `make run` and `make test` are all a newcomer needs; `make help` lists the rest.

V       ?= release
BUILD   := build/$(V)
PREFIX  ?= /usr/local
PYTHON  ?= /usr/bin/python3
# How long each fuzzer runs in make fuzz; in make test those of requests and decisions, the others a third of it.
FUZZ_SECONDS ?= 60

# --- Variants: make V=release|clang|san|cov|fuzz ------------------------------------------------------

CC_release := gcc
CC_clang   := clang
CC_san     := gcc
CC_cov     := gcc
CC_fuzz    := clang

WARN    := -Wall -Wextra -Wconversion -Wswitch-enum -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wformat=2 -Wundef -Wvla -Werror
HARDEN  := -fPIE -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_FORTIFY_SOURCE=2
SANE    := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=undefined
FLAGS_release := -O2 -g $(HARDEN)
FLAGS_clang   := -O2 -g $(HARDEN)
# Instrumented code misleads some warnings, so that none is an error here; V=release and V=clang judge.
FLAGS_san     := $(SANE) -fsanitize=address,undefined -Wno-error
FLAGS_cov     := -O0 -g --coverage
FLAGS_fuzz    := $(SANE) -fsanitize=fuzzer-no-link,address,undefined
LINK_release  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LINK_clang    := $(LINK_release)
LINK_san      := -fsanitize=address,undefined
LINK_cov      := --coverage
LINK_fuzz     := -fsanitize=fuzzer,address,undefined

CC      := $(CC_$(V))
COMMON  := -std=c17 -D_GNU_SOURCE -Iinclude -isystem /usr/include/libxml2 $(WARN) -pthread
CFLAGS  := $(COMMON) $(FLAGS_$(V))
DEPEND  := -MMD -MP
LDFLAGS := $(LINK_$(V)) -pthread
LIBS    := -lfcgi -lcurl -llmdb -lsqlite3 -lsodium -lcrypto -ljansson -lutf8proc -lpcre2-8 -lxml2 -lzstd -lz -lm

# --- What there is to build ---------------------------------------------------------------------------

# Downward order: an archive may use those behind it only.
LAYERS   := wire app adapter lab core base
HANDLERS := checkout sandbox lead api
MAINS    := $(wildcard $(HANDLERS:%=fcgi/%.c) src/cli/main.c src/worker/main.c)
TESTED   := base core wire app adapter lab fcgi cli worker

sources   = $(wildcard src/$(1)/*.c src/$(1)/*/*.c)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(1))
ARCHIVES := $(foreach l,$(LAYERS),$(if $(call sources,$(l)),$(BUILD)/lib$(l).a))
SERVE    := $(call objects,$(filter-out $(MAINS),$(wildcard fcgi/*.c)))
CLI      := $(call objects,$(filter-out $(MAINS),$(call sources,cli)))
WORKER   := $(call objects,$(filter-out $(MAINS),$(call sources,worker)))
PROGRAMS := $(patsubst fcgi/%.c,$(BUILD)/bonigate-%,$(filter fcgi/%,$(MAINS))) \
            $(if $(filter src/cli/%,$(MAINS)),$(BUILD)/bonigate) \
            $(if $(filter src/worker/%,$(MAINS)),$(BUILD)/bonigate-worker)
SUITES   := $(foreach l,$(TESTED),$(if $(wildcard tests/$(l)/test_*.c),$(BUILD)/test-$(l)))
FUZZERS  := $(patsubst tests/fuzz/%.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: all help deps deps-test run test check suites fuzz fuzz-keep fuzzers lint format coverage bench bench-leads bench-match bench-providers bench-score \
        model evaluate install uninstall clean
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAMS) $(ARCHIVES) ## build (V=release; clang, san, cov, fuzz)

help: ## this list
	@awk -F ':.*## ' '/^[a-z_.-]+:.*## / { printf "make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- How it is built ----------------------------------------------------------------------------------

# One short line per step; make VERBOSE=1 shows the commands.
Q         = $(if $(VERBOSE),,@echo "  $(1) $@";)

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call Q,CC)$(CC) $(CFLAGS) $(DEPEND) -c -o $@ $<
# The lab promises the same bytes everywhere: no fused multiply-add.
$(BUILD)/src/lab/%.o: CFLAGS += -ffp-contract=off
$(BUILD)/tests/%.o: CFLAGS += -Itests/support -Wno-missing-prototypes

# One archive per layer.
define layer_rule
$(BUILD)/lib$(1).a: $(call objects,$(call sources,$(1)))
	@rm -f $$@
	$$(call Q,AR)$$(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

# What the handlers share; the other programs take of it what they need.
$(BUILD)/libfcgi.a: $(SERVE)
	@rm -f $@
	$(call Q,AR)$(AR) rcs $@ $^

LINK      = $(call Q,LD)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^)
$(BUILD)/bonigate-%: $(BUILD)/fcgi/%.o $(SERVE) $(ARCHIVES)
	$(LINK) $(LIBS)
$(BUILD)/bonigate: $(BUILD)/src/cli/main.o $(CLI) $(BUILD)/libfcgi.a $(ARCHIVES)
	$(LINK) $(LIBS)
$(BUILD)/bonigate-worker: $(BUILD)/src/worker/main.o $(WORKER) $(BUILD)/libfcgi.a $(ARCHIVES)
	$(LINK) $(LIBS)

# One Criterion program per layer, of tests/<layer>/*.c.
OWN_fcgi   := $(SERVE)
OWN_cli    := $(CLI) $(BUILD)/libfcgi.a
OWN_worker := $(WORKER) $(BUILD)/libfcgi.a
define suite_rule
$(BUILD)/test-$(1): $(call objects,$(wildcard tests/$(1)/*.c tests/support/*.c)) $(OWN_$(1)) $(ARCHIVES)
	$$(LINK) -lcriterion $$(LIBS)
endef
$(foreach l,$(TESTED),$(eval $(call suite_rule,$(l))))

# One libFuzzer program per tests/fuzz/fuzz_<name>.c; only V=fuzz links them.
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(ARCHIVES)
	$(LINK) $(LIBS)
fuzzers:
	@+$(MAKE) --no-print-directory V=fuzz $(FUZZERS)

# --- Running and testing ------------------------------------------------------------------------------

deps: ## install what building and running needs (apt, sudo when not root)
	@.ci/deps run
deps-test:
	@.ci/deps run test

run: deps ## serve on http://127.0.0.1:8080 with demo data until Ctrl-C (PORT= STATE=)
	@+$(MAKE) --no-print-directory V=release all
	@exec env PORT='$(PORT)' STATE='$(STATE)' nginx/run.sh

# The tools of the tests that come from npm, once per change of the lock file.
tests/node_modules/.stamp: tests/package-lock.json
	npm ci --prefix tests --no-audit --no-fund --silent
	@touch $@

RUN_SUITES = $(PYTHON) -B tests/suites.py --build $(BUILD) --fuzz-seconds $(FUZZ_SECONDS)
suites: $(SUITES) $(PROGRAMS)

test: deps-test ## every suite with ASan and UBSan, integration, OpenAPI, short fuzzing (FUZZ_SECONDS=60)
	@+$(MAKE) --no-print-directory V=san suites
	@+$(MAKE) --no-print-directory fuzzers tests/node_modules/.stamp
	@$(RUN_SUITES:build/$(V)=build/san) --suite $(notdir $(SUITES)) --integration 'test_*.py' --openapi --fuzz $(FUZZERS) --fuzz-seed 1

check: $(if $(LAYER),$(BUILD)/test-$(LAYER),$(SUITES)) ## the Criterion suites of one variant (V=san LAYER=core)
	@$(RUN_SUITES) --suite $(^F)

check-integration: suites tests/node_modules/.stamp ## the integration tests of one variant (V=san ONLY='test_checkout*.py')
	@$(RUN_SUITES) --integration '$(or $(ONLY),test_*.py)'

fuzz: fuzzers ## fuzzers alone (TARGET=name FUZZ_SECONDS=3600)
	@$(RUN_SUITES) --fuzz $(if $(TARGET),build/fuzz/fuzz_$(TARGET),$(FUZZERS))

fuzz-keep: fuzzers ## fuzz one target and keep what reached new code (TARGET=name)
	@mkdir -p build/fuzz/new/$(TARGET) tests/fuzz/corpus/$(TARGET)
	build/fuzz/fuzz_$(TARGET) -max_total_time=$(FUZZ_SECONDS) build/fuzz/new/$(TARGET) tests/fuzz/corpus/$(TARGET)
	build/fuzz/fuzz_$(TARGET) -merge=1 tests/fuzz/corpus/$(TARGET) build/fuzz/new/$(TARGET)

# --- Models -------------------------------------------------------------------------------------------

# Real company data (see src/data/models/README.md); the models can only be fitted and measured anew where it is.
SCORING = $(or $(BONIGATE_SHARED),../shared)/data/scoring

model: all ## fit the shipped model anew from the two sets of real companies (BONIGATE_SHARED=)
	src/data/models/fit.sh build/release/bonigate $(SCORING)

evaluate: all ## print how good all models are on real companies, pages in tests/reports (BONIGATE_SHARED=)
	@$(PYTHON) -B tests/evaluate.py --program $(BUILD)/bonigate --data $(SCORING) --reports tests/reports

# --- Coverage, installation, tools --------------------------------------------------------------------

coverage: ## line coverage of core by its own tests; fails under 95 %
	@.ci/deps run test cov
	@find build/cov -name '*.gcda' -delete 2>/dev/null || true
	@+$(MAKE) --no-print-directory V=cov check LAYER=core
	@gcovr --root . --object-directory build/cov --filter src/core/ --exclude-throw-branches \
		--sort-percentage --fail-under-line 95 build/cov

# Programs in bin; pages, nginx files, models and policies in share/bonigate; man pages if there are any.
BIN   := $(DESTDIR)$(PREFIX)/bin
SHARE := $(DESTDIR)$(PREFIX)/share/bonigate
MAN   := $(DESTDIR)$(PREFIX)/share/man
SHARED_FILES := $(wildcard nginx/*.conf nginx/*.inc nginx/*.in nginx/*.json nginx/html/* nginx/html/*/* nginx/html/*/*/*)

install: all ## install programs and data (PREFIX=/usr/local DESTDIR=)
	install -d $(BIN)
	install -m 755 $(PROGRAMS) $(BIN)
	@$(foreach f,$(filter-out %/,$(SHARED_FILES)),[ -d $(f) ] || install -D -m 644 $(f) $(SHARE)/$(f);)
	@$(foreach f,$(wildcard src/data/*/*),install -D -m 644 $(f) $(SHARE)/$(f:src/data/%=%);)
	@$(foreach f,$(wildcard src/*/man/*.[0-9] fcgi/man/*.[0-9]),install -D -m 644 $(f) $(MAN)/man$(subst .,,$(suffix $(f)))/$(notdir $(f));)

uninstall: ## remove what install put there
	rm -f $(addprefix $(BIN)/,$(notdir $(PROGRAMS)))
	rm -rf $(SHARE)
	rm -f $(foreach f,$(wildcard src/*/man/*.[0-9] fcgi/man/*.[0-9]),$(MAN)/man$(subst .,,$(suffix $(f)))/$(notdir $(f)))

compile_commands.json: Makefile ## for editors: how each source file is compiled
	@sep='['; for f in $(PRODUCT) $(TEST_C); do \
		printf '%s\n{"directory": "%s", "file": "%s", "command": "%s"}' "$$sep" '$(CURDIR)' $$f \
			"gcc $(COMMON) $(FLAGS_release) -Itests/support -c $$f"; sep=,; \
	done >$@; echo ']' >>$@

# The empty handler that make bench measures against, and what its Node peer needs.
$(BUILD)/bench-empty: $(BUILD)/tests/bench/empty.o
	$(LINK) -lfcgi
tests/bench/node_modules/.stamp: tests/bench/package-lock.json
	npm ci --prefix tests/bench --no-audit --no-fund --silent
	@touch $@

$(BUILD)/bench_match: $(BUILD)/tests/bench/bench_match.o $(ARCHIVES)
	$(LINK) $(LIBS)

bench-match: ## search over 5 million companies against pg_trgm and FTS5 (ROWS= PEER_ROWS= PEER_QUERIES=)
	@.ci/deps run bench
	@+$(MAKE) --no-print-directory V=release all build/release/bench_match
	@$(PYTHON) -B tests/bench/bench_match.py $(if $(ROWS),--rows $(ROWS)) \
		$(if $(PEER_ROWS),--peer-rows $(PEER_ROWS)) $(if $(PEER_QUERIES),--peer-queries $(PEER_QUERIES))

$(BUILD)/bench_score: $(BUILD)/tests/bench/bench_score.o $(ARCHIVES)
	$(LINK) $(LIBS)
bench-score: ## how fast cards are fitted and companies scored (ROWS=)
	@+$(MAKE) --no-print-directory V=release all build/release/bench_score
	@$(PYTHON) -B tests/bench/bench_score.py --build build/release $(if $(ROWS),--rows $(ROWS))

bench: ## speed and memory against an empty handler, PHP-FPM and Node (ROUNDS=5 SECONDS=3)
	@.ci/deps run bench
	@+$(MAKE) --no-print-directory V=release all build/release/bench-empty tests/bench/node_modules/.stamp
	@$(PYTHON) -B tests/bench/bench.py $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SECONDS),--seconds $(SECONDS))
	@+$(MAKE) --no-print-directory bench-score

bench-providers: ## checkouts beside a bureau that hangs, is slow, takes few calls, has answered (HANGING= SLOW= NARROW= WARM=)
	@.ci/deps run
	@+$(MAKE) --no-print-directory V=release all
	@BONIGATE_BUILD=build/release $(PYTHON) -B tests/bench/bench_providers.py $(if $(HANGING),--hanging $(HANGING)) \
		$(if $(SLOW),--slow $(SLOW)) $(if $(NARROW),--narrow $(NARROW)) $(if $(WARM),--warm $(WARM))

bench-leads: ## a million leads to the end, the process killed half-way: rows a second, memory, nothing twice (ROWS=)
	@.ci/deps run
	@+$(MAKE) --no-print-directory V=release all
	@BONIGATE_BUILD=build/release $(PYTHON) -B tests/bench/bench_leads.py $(if $(ROWS),--rows $(ROWS))

clean: ## remove everything built
	rm -rf build compile_commands.json

include tests/lint/lint.mk
-include $(shell find build -name '*.d' 2>/dev/null)
