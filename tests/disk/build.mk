# The program of the disk tests.

BUILD ?= build

.PHONY: disk-programs
disk-programs: $(BUILD)/disk/disk_tool

$(BUILD)/disk/disk_tool: tests/disk/programs/disk_tool.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -g -static -Wall -Wextra $< -o $@
