# The programs of the tests of processes.

BUILD ?= build
PROCESS_PROGRAMS = $(patsubst tests/processes/programs/%.c,$(BUILD)/processes/%,$(wildcard tests/processes/programs/*.c))

.PHONY: process-programs
process-programs: $(PROCESS_PROGRAMS)

$(BUILD)/processes/%: tests/processes/programs/%.c tests/processes/programs/children.h tests/swap/programs/pages.h
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@
