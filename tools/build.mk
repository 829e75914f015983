# Set-up, the ISO, and the launcher's tests.

BUILD ?= build

# What `make run EXHIBIT=` starts beside it: what user/tour.txt starts together with it.
EXHIBIT_PARTNERS = $(filter-out &,$(shell sed -n 's/^    run $(EXHIBIT) & //p' user/tour.txt))

.PHONY: setup setup-debug setup-test iso test-launcher pictures

setup: ## install what building and running need (Debian packages)
	@tools/setup run

setup-debug: ## install what debugging needs besides
	@tools/setup debug

setup-test: ## install what the tests need besides
	@tools/setup test

iso: $(BUILD)/vitrine.iso ## the bootable ISO: the tour of all exhibits

$(BUILD)/vitrine.iso: $(BUILD)/vitrine.elf $(EXHIBIT_PROGRAMS) user/tour.txt boot/grub.cfg \
		tools/vitrine tools/build.mk $(wildcard tools/vitrine_launcher/*.py)
	@echo "  ISO   $@"
	@BUILD=$(BUILD) tools/vitrine iso --output $@ --tour user/tour.txt

pictures: setup-test exhibits $(BUILD)/vitrine.elf ## draw the terminal pictures of docs/pictures again
	@BUILD=$(BUILD) tools/pictures

test-launcher: ## the launcher, against a pretended QEMU
	@tests/launcher/run
