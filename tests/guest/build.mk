# Builds the guest test programs: static, one file each, with the C library (or none) its `// libc:` line names.
#   guest-programs   all of them, into $(BUILD)/guest/
#   oracle           runs them on Debian's Linux kernel in QEMU and records what they print and how they end
BUILD ?= build

GUEST_DIR := tests/guest
GUEST_SOURCES := $(sort $(wildcard $(GUEST_DIR)/programs/*.c $(GUEST_DIR)/programs/*.cpp))
GUEST_WITH_LIBC_LINE := $(shell grep -l '^// libc:' $(GUEST_SOURCES))
GUEST_GLIBC := $(filter-out $(GUEST_WITH_LIBC_LINE),$(GUEST_SOURCES)) $(shell grep -l '^// libc:.*glibc' $(GUEST_SOURCES))
GUEST_MUSL := $(shell grep -l '^// libc:.*musl' $(GUEST_SOURCES))
GUEST_NONE := $(shell grep -l '^// libc:.*none' $(GUEST_SOURCES))
guest_names = $(basename $(notdir $(1)))

GUEST_PROGRAMS := $(addprefix $(BUILD)/guest/,$(sort \
    $(call guest_names,$(GUEST_GLIBC)) \
    $(addsuffix .musl,$(call guest_names,$(GUEST_MUSL))) \
    $(addsuffix .none,$(call guest_names,$(GUEST_NONE)))))

GUEST_FLAGS := -O1 -g -static -Wall -Wextra -Werror -MMD -MP -D_GNU_SOURCE
GUEST_NONE_FLAGS := -nostdlib -ffreestanding -fno-stack-protector -fno-tree-loop-distribute-patterns -DNOLIBC

# Three pattern rules for three libraries: make takes the one with the shortest stem, so `x.musl` is not `x.musl.c`.
$(BUILD)/guest/%: $(GUEST_DIR)/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc $(GUEST_FLAGS) -std=gnu11 -MF $@.d -o $@ $<
$(BUILD)/guest/%: $(GUEST_DIR)/programs/%.cpp
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@g++ $(GUEST_FLAGS) -std=c++20 -MF $@.d -o $@ $<
$(BUILD)/guest/%.musl: $(GUEST_DIR)/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@musl-gcc $(GUEST_FLAGS) -std=gnu11 -MF $@.d -o $@ $<
$(BUILD)/guest/%.none: $(GUEST_DIR)/programs/%.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc $(GUEST_FLAGS) $(GUEST_NONE_FLAGS) -std=gnu11 -MF $@.d -o $@ $<

.PHONY: guest-programs oracle
guest-programs: $(GUEST_PROGRAMS) ## build the guest test programs

$(BUILD)/guest/oracle_init: $(GUEST_DIR)/oracle_init.c
	@mkdir -p $(@D)
	gcc -O1 -static -Wall -Wextra -Werror -std=gnu11 -o $@ $<

oracle: guest-programs $(BUILD)/guest/oracle_init ## record the guest tests' expectations on Debian's Linux again
	$(GUEST_DIR)/oracle --build $(BUILD)

-include $(wildcard $(BUILD)/guest/*.d)
