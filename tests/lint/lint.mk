# SPDX-License-Identifier: MIT
# The gates of `make lint`. Gates over one file leave a stamp in build/lint, so only what changed is checked again.

LINT      := build/lint
TREE      := layers sizes banned spdx places
PRODUCT   := $(foreach l,$(LAYERS) cli worker,$(call sources,$(l))) $(wildcard fcgi/*.c)
TEST_C    := $(wildcard tests/*/*.c)
HEADERS   := $(wildcard include/*/*.h src/*/*.h src/*/*/*.h fcgi/*.h tests/support/*.h)
LISTS     := $(filter %_list.h,$(HEADERS))
C_FILES   := $(PRODUCT) $(TEST_C) $(HEADERS)
SHELL_FILES := .ci/deps .ci/run $(wildcard nginx/*.sh tests/*/*.sh)
CHECKED   := $(COMMON) -O2

# Without attributes: cppcheck 2.10 takes one behind an array parameter for a syntax error. What is not
# initialised is left to the two analysers, which follow loops.
CPPCHECK  := cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,performance,portability \
             --suppress=missingIncludeSystem --suppress=duplicateAssignExpression --suppress=uninitvar \
             --suppress=ctuuninitvar '-D__attribute__(x)=' -Iinclude

lint: deps-test ## all gates: layers, limits, style, analysers, symbols, both compilers
	@+$(MAKE) --no-print-directory lint-tree lint-files
	@+$(MAKE) --no-print-directory V=release all lint-built
	@+$(MAKE) --no-print-directory V=clang all suites
	@echo "lint: clean"

# Gates over the whole tree: a second each.
.PHONY: lint-tree lint-files lint-built lint-selftest $(TREE:%=lint-%)
lint-tree: lint-selftest $(TREE:%=lint-%) $(LINT)/shell.ok
$(TREE:%=lint-%): lint-%:
	@$(PYTHON) -B tests/lint/$*.py
lint-selftest:
	@$(PYTHON) -B tests/lint/selftest.py
$(LINT)/shell.ok: $(SHELL_FILES)
	@mkdir -p $(@D)
	@shellcheck $^
	@touch $@

# Gates over one file.
lint-files: $(PRODUCT:%=$(LINT)/%.ok) $(HEADERS:%=$(LINT)/%.ok) $(TEST_C:%=$(LINT)/%.format)
LINT_RULES := .clang-format .clang-tidy tests/lint/lint.mk

$(LINT)/%.c.ok: %.c $(LINT_RULES)
	@mkdir -p $(@D)
	$(call Q,LINT)clang-format --dry-run -Werror $<
	@clang-tidy --quiet $< -- $(filter-out -Werror,$(CHECKED)) 2>$@.log || { cat $@.log; exit 1; }
	@$(CPPCHECK) $<
	@gcc $(CHECKED) -fanalyzer -MMD -MP -MT $@ -MF $(LINT)/$*.d -c -o /dev/null $<
	@touch $@
$(LINT)/%.c.format: %.c .clang-format
	@mkdir -p $(@D)
	@clang-format --dry-run -Werror $<
	@touch $@
# A header stands on its own, for both compilers; a name_list.h is a table of X() and says nothing alone.
$(LISTS:%=$(LINT)/%.ok): $(LINT)/%.ok: $(LINT)/%.format
	@touch $@
$(LINT)/%.h.format: %.h .clang-format
	@mkdir -p $(@D)
	@clang-format --dry-run -Werror $<
	@touch $@
$(LINT)/%.h.ok: %.h $(LINT_RULES)
	@mkdir -p $(@D)
	@clang-format --dry-run -Werror $<
	@gcc $(CHECKED) -Itests/support -MMD -MP -MT $@ -MF $(LINT)/$*.h.d -fsyntax-only -x c -include $< /dev/null
	@clang $(CHECKED) -Itests/support -fsyntax-only -x c -include $< /dev/null
	@touch $@

# Gates over what was built.
lint-built: $(ARCHIVES) $(PROGRAMS)
	@for layer in base core; do \
		$(PYTHON) -B tests/lint/symbols.py $(BUILD)/lib$$layer.a tests/lint/symbols-$$layer.txt $(BUILD)/libbase.a || exit 1; \
	done
	@$(PYTHON) -B tests/lint/hardened.py $(PROGRAMS)

format: ## rewrite the C files in the house style (FILES=... for some)
	clang-format -i $(or $(FILES),$(C_FILES))
