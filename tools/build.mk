# Set-up, the ISO, and the launcher's tests.

BUILD ?= build

# The tour of `make run`: the exhibits one after the other. Kept here, so that ISO and order are said once.
ISO_TOUR = --run $(BUILD)/user/where --then "$(BUILD)/user/translate & $(BUILD)/user/translate" --then $(BUILD)/user/brk \
	--then "$(BUILD)/user/brk past" --then $(BUILD)/user/mmap \
	--then "$(BUILD)/user/demand & $(BUILD)/user/demand & $(BUILD)/user/demand"
# What `make run EXHIBIT=` adds for one of them: the same virtual address in two processes at once.
EXHIBIT_OPTIONS_translate = --with $(BUILD)/user/translate
# Three programs whose statics are larger together than the machine's memory.
EXHIBIT_OPTIONS_demand = --with $(BUILD)/user/demand --with $(BUILD)/user/demand

.PHONY: setup setup-debug setup-test iso test-launcher

setup: ## install what building and running need (Debian packages)
	@tools/setup run

setup-debug: ## install what debugging needs besides
	@tools/setup debug

setup-test: ## install what the tests need besides
	@tools/setup test

iso: $(BUILD)/vitrine.iso ## the bootable ISO that plays all exhibits

$(BUILD)/vitrine.iso: $(BUILD)/vitrine.elf $(EXHIBITS:%=$(BUILD)/user/%) boot/grub.cfg \
		tools/vitrine tools/build.mk $(wildcard tools/vitrine_launcher/*.py)
	@echo "  ISO   $@"
	@BUILD=$(BUILD) tools/vitrine iso --output $@ $(ISO_TOUR)

test-launcher: ## the launcher, against a pretended QEMU
	@tests/launcher/run
