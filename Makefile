# SPDX-License-Identifier: MIT
# Bonigate. `make run` and `make test` are all a newcomer needs; see README.md.

V       ?= release
BUILD   := build/$(V)
CC_release := gcc
CC_san     := gcc
CC_clang   := clang
CC_cov     := gcc
CC_fuzz    := clang

WARN    := -Wall -Wextra -Wconversion -Wswitch-enum -Wshadow -Wstrict-prototypes \
           -Wmissing-prototypes -Wformat=2 -Wundef -Wvla -Werror
HARDEN  := -fstack-protector-strong -fPIE -D_FORTIFY_SOURCE=2
FLAGS_release := -O2 -g $(HARDEN)
FLAGS_clang   := -O2 -g $(HARDEN)
FLAGS_san     := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined
FLAGS_cov     := -O0 -g --coverage
FLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_clang    := $(LINK_release)
LINK_san      := -fsanitize=address,undefined
LINK_cov      := --coverage
LINK_fuzz     := -fsanitize=fuzzer,address,undefined

CC      := $(CC_$(V))
CFLAGS  := -std=c17 -D_GNU_SOURCE -Iinclude $(WARN) $(FLAGS_$(V)) -pthread -MMD -MP
LDFLAGS := $(LINK_$(V)) -pthread
LIBS    := -lfcgi -lcurl -llmdb -lsqlite3 -lsodium -ljansson -lutf8proc -lpcre2-8 -lxml2 -lzstd -lz -lm

# Downward order: an archive may use those behind it only.
LAYERS   := wire app adapter lab core base
MAINS    := $(wildcard fcgi/checkout.c fcgi/sandbox.c fcgi/lead.c fcgi/api.c)
HANDLERS := $(MAINS:fcgi/%.c=$(BUILD)/bonigate-%)
SERVE    := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAINS),$(wildcard fcgi/*.c)))
CLI      := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/cli/*.c))
WORKER   := $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/worker/*.c))
ARCHIVES := $(foreach l,$(LAYERS),$(if $(wildcard src/$(l)/*.c src/$(l)/*/*.c),$(BUILD)/lib$(l).a))
PROGRAMS := $(HANDLERS) $(if $(CLI),$(BUILD)/bonigate) $(if $(WORKER),$(BUILD)/bonigate-worker)
SUITES   := $(foreach l,base core wire app adapter lab fcgi,$(if $(wildcard tests/$(l)/test_*.c),$(BUILD)/test-$(l)))

.PHONY: all check clean
all: $(PROGRAMS) $(ARCHIVES)

define layer_rule
$(BUILD)/lib$(1).a: $(patsubst %.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c src/$(1)/*/*.c))
	@rm -f $$@
	$$(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -c -o $@ $<

$(HANDLERS): $(BUILD)/bonigate-%: $(BUILD)/fcgi/%.o $(SERVE) $(ARCHIVES)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)
$(BUILD)/bonigate: $(CLI) $(ARCHIVES)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)
$(BUILD)/bonigate-worker: $(WORKER) $(ARCHIVES)
	$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)

# One Criterion binary per layer: tests/<layer>/*.c.
define suite_rule
$(BUILD)/test-$(1): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/$(1)/*.c tests/support/*.c)) $(if $(filter fcgi,$(1)),$(SERVE)) $(ARCHIVES)
	$$(CC) $$(LDFLAGS) -o $$@ $$(filter %.o %.a,$$^) -lcriterion $$(LIBS)
endef
$(foreach l,base core wire app adapter lab fcgi,$(eval $(call suite_rule,$(l))))
$(BUILD)/tests/%.o: CFLAGS += -Itests/support -Wno-missing-prototypes

# Every suite of this variant; one layer alone: make check LAYER=core
check: $(if $(LAYER),$(BUILD)/test-$(LAYER),$(SUITES))
	@for suite in $^; do $$suite || exit 1; done

clean:
	rm -rf build

-include $(shell find build -name '*.d' 2>/dev/null)
