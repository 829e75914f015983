# The programs of the swap tests.

BUILD ?= build
SWAP_PROGRAMS = $(patsubst tests/swap/programs/%.c,$(BUILD)/swap/%,$(wildcard tests/swap/programs/*.c))

.PHONY: swap-programs
swap-programs: $(SWAP_PROGRAMS)

$(BUILD)/swap/%: tests/swap/programs/%.c tests/swap/programs/pages.h
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@
