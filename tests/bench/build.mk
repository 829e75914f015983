# The benchmark: membench (one program for Vitrine and Linux), the floors, and the first process of a measured Linux.
#   make bench                    Vitrine beside Linux's recorded figures
#   make bench LINUX=1            Debian's Linux in the same QEMU, measured in the same run
#   make bench LINUX=1 WRITE=1    the same, and docs/benchmarks.md is written anew
#   make bench GROUPS=swap,disk BOOTS=1     some groups of membench only, quickly: to tune by
#   make bench-policies WRITE=1   replacement policies where memory is short, and docs/replacement.md has the table anew

BUILD ?= build
BENCH_SOURCES := $(sort $(wildcard tests/bench/membench/*.c))
BENCH_HEADERS := $(wildcard tests/bench/membench/*.h tests/bench/floor/*.h)
BENCH_PROGRAMS := $(addprefix $(BUILD)/bench/,membench tiny init floor.bin)

.PHONY: bench bench-policies bench-programs
bench: setup ## what memory costs here and on Linux (LINUX=1 measures Linux too; WRITE=1 rewrites docs/benchmarks.md)
	@$(MAKE) --no-print-directory -j2 $(BUILD)/vitrine.elf bench-programs
	@BUILD=$(BUILD) tests/bench/bench $(if $(LINUX),--linux) $(if $(WRITE),--write) $(if $(CONFIG),--config $(CONFIG)) \
		$(if $(GROUPS),--groups $(GROUPS)) $(if $(BOOTS),--boots $(BOOTS))

bench-policies: setup ## replacement policies measured where memory is short (BOOTS=N; WRITE=1 rewrites docs/replacement.md)
	@$(MAKE) --no-print-directory -j2 $(BUILD)/vitrine.elf recording-programs
	@BUILD=$(BUILD) tests/bench/bench-policies $(if $(BOOTS),--boots $(BOOTS)) $(if $(WRITE),--write)

bench-programs: $(BENCH_PROGRAMS)

$(BUILD)/bench/membench: $(filter-out %/tiny.c,$(BENCH_SOURCES)) $(BENCH_HEADERS)
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O2 -static -Wall -Wextra -o $@ $(filter %.c,$^)

$(BUILD)/bench/tiny: tests/bench/membench/tiny.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O2 -static -nostdlib -fno-stack-protector -o $@ $<

$(BUILD)/bench/init: tests/bench/linux/init.c
	@mkdir -p $(@D)
	@echo '  CC    $@'
	@gcc -O1 -static -Wall -Wextra -o $@ $<

# A multiboot image for QEMU's -kernel: no operating system, no library, no relocation.
FLOOR_OBJECTS := $(addprefix $(BUILD)/bench/floor/,boot.o entry.o floor.o console.o)
FLOOR_FLAGS := -O2 -Wall -Wextra -ffreestanding -fno-pic -no-pie -mno-red-zone -mcmodel=small -fno-stack-protector \
	-fcf-protection=none -fno-asynchronous-unwind-tables

$(BUILD)/bench/floor/%.o: tests/bench/floor/%.c $(BENCH_HEADERS)
	@mkdir -p $(@D)
	@gcc $(FLOOR_FLAGS) -c -o $@ $<

$(BUILD)/bench/floor/%.o: tests/bench/floor/%.S
	@mkdir -p $(@D)
	@gcc -c -o $@ $<

$(BUILD)/bench/floor.bin: tests/bench/floor/floor.ld $(FLOOR_OBJECTS)
	@echo '  LD    $@'
	@ld -T $^ -o $@
