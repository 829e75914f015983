# The programs of the pool tests.

BUILD ?= build
POOL_HOLDS := 1 2 3 5 8 13
POOL_PROGRAMS = $(patsubst tests/pool/programs/%.c,$(BUILD)/pool/%,$(filter-out %/hold.c,$(wildcard tests/pool/programs/*.c))) \
	$(POOL_HOLDS:%=$(BUILD)/pool/hold%) $(BUILD)/pool/inside-pie

.PHONY: pool-programs
pool-programs: $(POOL_PROGRAMS)

$(BUILD)/pool/inside-pie: tests/pool/programs/inside.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static-pie -Wall -Wextra $< -o $@

$(POOL_HOLDS:%=$(BUILD)/pool/hold%): $(BUILD)/pool/hold%: tests/pool/programs/hold.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra -DHOLD_MIB=$* $< -o $@

$(BUILD)/pool/%: tests/pool/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@
