# The program whose references are known, for the tests of recordings and for the table of policies.

BUILD ?= build
RECORDING_PROGRAMS = $(patsubst tests/recording/programs/%.c,$(BUILD)/recording/%,$(wildcard tests/recording/programs/*.c))

.PHONY: recording-programs
recording-programs: $(RECORDING_PROGRAMS)

$(BUILD)/recording/%: tests/recording/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@
