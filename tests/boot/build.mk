# The small programs of the boot tests.

BUILD ?= build
BOOT_PROGRAMS = $(patsubst tests/boot/programs/%.c,$(BUILD)/boot/%,$(wildcard tests/boot/programs/*.c)) \
	$(BUILD)/boot/padding

.PHONY: boot-programs
boot-programs: $(BOOT_PROGRAMS)

$(BUILD)/boot/%: tests/boot/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@

# More than a small machine can hold.
$(BUILD)/boot/padding:
	@mkdir -p $(@D)
	@truncate -s 20M $@
