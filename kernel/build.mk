# The kernel: $(BUILD)/vitrine.elf (PVH and multiboot2 in one ELF64) and $(BUILD)/checked/vitrine.elf.
#
# Linked twice: the first pass has an empty table of function names, the second the names found in the first.

BUILD ?= build
CXX ?= g++
NASM ?= nasm
PYTHON ?= /usr/bin/python3

KERNEL_SOURCES := $(sort $(wildcard boot/*.cpp kernel/*.cpp kernel/*/*.cpp mm/*.cpp lib/*.cpp))
KERNEL_ASSEMBLY := $(sort $(wildcard boot/*.asm kernel/*/*.asm))

# Frame pointers are for backtraces. Functions that call nobody do without: that is up to 130 instructions of an
# mprotect(2), and print_backtrace() finds their caller all the same, nearly always.
KERNEL_CXXFLAGS := -std=c++2b -ffreestanding -mgeneral-regs-only -mno-red-zone -mcmodel=kernel -fno-pic -fno-pie \
	-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-omit-frame-pointer -momit-leaf-frame-pointer -O2 -g -Wall -Wextra -Wframe-larger-than=4096 -I.
CHECKED_CXXFLAGS := -DVITRINE_CHECKED=1 -fsanitize=undefined -fsanitize-undefined-trap-on-error
KERNEL_NASMFLAGS := -f elf64 -g -F dwarf -w+orphan-labels -I./
KERNEL_LDFLAGS := -T linker.ld -nostdlib -static -z max-page-size=4096 -z noexecstack --build-id=none

# NASM's names for labels inside macros would cut functions into pieces for debuggers: they are stripped.
# $1: output directory, $2: additional flags for the compiler
define kernel_rules
$1/objects/%.cpp.o: %.cpp kernel/build.mk
	@mkdir -p $$(@D)
	@echo '  CXX   $$@'
	@$$(CXX) $$(KERNEL_CXXFLAGS) $2 -MMD -MP -c $$< -o $$@

$1/objects/%.asm.o: %.asm kernel/build.mk
	@mkdir -p $$(@D)
	@echo '  NASM  $$@'
	@$$(NASM) $$(KERNEL_NASMFLAGS) -MD $$(@:.o=.d) -MP $$< -o $$@
	objcopy --wildcard --strip-symbol='..@*' $$@

$1/no_symbols.asm: kernel/make_symbol_table.py
	@mkdir -p $$(@D)
	@$$(PYTHON) $$< > $$@

$1/symbols.asm: kernel/make_symbol_table.py $1/first_pass.elf
	@$$(PYTHON) $$^ > $$@

$1/no_symbols.o $1/symbols.o: %.o: %.asm
	@$$(NASM) -f elf64 $$< -o $$@

$1/first_pass.elf: $(KERNEL_SOURCES:%=$1/objects/%.o) $(KERNEL_ASSEMBLY:%=$1/objects/%.o) $1/no_symbols.o linker.ld
	@echo '  LD    $$@'
	@ld $$(KERNEL_LDFLAGS) $$(filter %.o,$$^) -o $$@

$1/vitrine.elf: $(KERNEL_SOURCES:%=$1/objects/%.o) $(KERNEL_ASSEMBLY:%=$1/objects/%.o) $1/symbols.o linker.ld
	@echo '  LD    $$@'
	@ld $$(KERNEL_LDFLAGS) $$(filter %.o,$$^) -o $$@

-include $(KERNEL_SOURCES:%.cpp=$1/objects/%.cpp.d) $(KERNEL_ASSEMBLY:%=$1/objects/%.d)
endef

$(eval $(call kernel_rules,$(BUILD)))
$(eval $(call kernel_rules,$(BUILD)/checked,$(CHECKED_CXXFLAGS)))
