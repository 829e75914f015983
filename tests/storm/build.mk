# Programs that mean no good. Without a C library, whose memory a storm would tear down; without vector instructions
# of the compiler's own, because those registers are watched.

BUILD ?= build
STORM_PROGRAMS = $(patsubst tests/storm/%.c,$(BUILD)/storm/%,$(wildcard tests/storm/*.c))

.PHONY: storm-programs
storm-programs: $(STORM_PROGRAMS)

$(BUILD)/storm/%: tests/storm/%.c tests/storm/machine.h tests/storm/signal_frame.h tests/storm/children.h
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -nostdlib -ffreestanding -mgeneral-regs-only -fno-stack-protector -fno-pic -no-pie \
		-Wl,-z,noexecstack -Wall -Wextra $< -o $@
