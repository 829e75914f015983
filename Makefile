# Vitrine's front door. Two commands do everything on a fresh Debian 12: `make run` and `make test`.
# The rooms bring their own rules: kernel/build.mk, user/build.mk, tests/*/build.mk, tools/build.mk.

BUILD ?= build
MAKEFLAGS += --no-builtin-rules
SHELL := /bin/bash
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

CXX := g++
NASM := nasm
PYTHON := /usr/bin/python3

# What the user may say: make run FAST=1 · EXHIBIT=brk · PROGRAM=./a.out ARGS="x y" · MEMORY=64 · SWAP=512 · UEFI=1
FAST ?=
UEFI ?=
EXHIBIT ?=
PROGRAM ?=
ARGS ?=
# In MiB; without them the machine is the one that the exhibit, or the tour, needs. SWAP=0: none.
MEMORY ?= $(or $(EXHIBIT_MEMORY_$(EXHIBIT)),256)
SWAP ?= $(if $(EXHIBIT)$(PROGRAM),$(EXHIBIT_SWAP_$(EXHIBIT)),$(TOUR_SWAP))
MACHINE = --memory $(MEMORY) $(addprefix --swap ,$(filter-out 0,$(SWAP)))

include kernel/build.mk
include user/build.mk
include tests/host/build.mk
include tests/fuzz/build.mk
include tests/mutants/build.mk
include tests/guest/build.mk
include tests/scripts/build.mk
include tests/exhibits/build.mk
include tests/boot/build.mk
include tests/disk/build.mk
include tests/swap/build.mk
include tests/processes/build.mk
include tests/pool/build.mk
include tests/recording/build.mk
include tests/storm/build.mk
include tests/bench/build.mk
include tests/build.mk
include tools/build.mk
include tools/policies/build.mk

ifneq ($(EXHIBIT),)
ifeq ($(filter $(EXHIBIT),$(EXHIBITS)),)
$(error there is no exhibit $(EXHIBIT); there are: $(EXHIBITS))
endif
endif

.PHONY: help run debug run-tour run-exhibit run-program all clean format format-check lint

help: ## this list
	@echo "Vitrine: a teaching kernel about memory. On a fresh Debian 12 two commands do everything:"
	@echo
	@grep -hE '^[a-z-]+:.*## ' Makefile */build.mk */*/build.mk | sort -u | \
		awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'
	@echo
	@echo "  make run FAST=1                   the tour without waiting for keys"
	@echo "  make run EXHIBIT=brk              one exhibit: $(EXHIBITS)"
	@echo "  make run PROGRAM=./a.out ARGS=\"a b\"  any static Linux program"
	@echo "  make run UEFI=1                   through UEFI firmware instead of BIOS"
	@echo "  VITRINE_LANG=zh make run          in Chinese"
	@echo "  MEMORY=MIB                        for a machine with so much memory; the tour needs $(TOUR_MEMORY)"
	@echo "  SWAP=MIB                          with a disk of that size to swap to: more memory than there is"
	@echo "  tools/vitrine --help              the launcher, for everything else"

# Built by a second make, because the tools it needs are there only after `setup`.
run: setup ## the tour of all exhibits (or EXHIBIT=name, or PROGRAM=path, with ARGS="…") on Vitrine, through GRUB
	@$(MAKE) --no-print-directory -j2 $(if $(PROGRAM),run-program,$(if $(EXHIBIT),run-exhibit,run-tour))

run-tour: $(BUILD)/vitrine.iso
	@tools/vitrine boot --lessons $(MACHINE) $(if $(UEFI),--uefi) $(if $(FAST),--fast) $(ARGS) $<

# An exhibit may need more programs, and something else to start it (which takes the launcher's options).
run-exhibit: $(BUILD)/vitrine.elf $(addprefix $(BUILD)/user/,$(EXHIBIT) $(EXHIBIT_PARTNERS)) $(EXHIBIT_NEEDS_$(EXHIBIT))
	@$(or $(EXHIBIT_RUNNER_$(EXHIBIT)),tools/vitrine run) $(if $(UEFI),--uefi,--iso) --lessons $(MACHINE) \
		$(EXHIBIT_PARTNERS:%=--with $(BUILD)/user/%) $(BUILD)/user/$(EXHIBIT) $(ARGS)

run-program: $(BUILD)/vitrine.elf
	@tools/vitrine run $(if $(UEFI),--uefi,--iso) --lessons $(MACHINE) "$(PROGRAM)" $(ARGS)

DEBUGGED = $(or $(PROGRAM),$(BUILD)/user/$(or $(EXHIBIT),brk))

debug: setup-debug ## GDB in the kernel and in a program, from the first instruction on (EXHIBIT=brk, PROGRAM=, ARGS=)
	@$(MAKE) -s --no-print-directory -j2 $(BUILD)/vitrine.elf $(if $(PROGRAM),,$(DEBUGGED))
	@tools/vitrine debug $(MACHINE) $(if $(PROGRAM),,$(EXHIBIT_PARTNERS:%=--with $(BUILD)/user/%)) "$(DEBUGGED)" $(ARGS)

all: $(BUILD)/vitrine.elf $(BUILD)/checked/vitrine.elf exhibits iso ## build the kernel, the exhibits and the ISO

clean: ## remove everything that was built
	rm -rf $(BUILD)

# Ours alone: never what a build wrote, nor data.
SOURCES_TO_FORMAT = $(shell git ls-files '*.cpp' '*.hpp' '*.c' '*.h' | grep -v '^tests/guest/expected/')
TIDY_SOURCES = $(shell git ls-files 'boot/*.cpp' 'kernel/*.cpp' 'lib/*.cpp' 'mm/*.cpp')

format: setup-test ## lay out all C++ sources with clang-format
	clang-format -i $(SOURCES_TO_FORMAT)

format-check: setup-test ## say which sources `make format` would change
	clang-format --dry-run --Werror $(SOURCES_TO_FORMAT)

# clang refuses <atomic> under -mgeneral-regs-only but takes -mno-sse -mno-mmx.
TIDY_FLAGS = -std=c++2b -ffreestanding -mno-sse -mno-mmx -mno-red-zone -mcmodel=kernel -fno-exceptions \
	-fno-rtti -Wall -Wextra -I.

lint: setup-test format-check ## clang's warnings and clang-tidy on the kernel's sources
	@printf '%s\n' $(TIDY_SOURCES) | xargs -n 8 -P 2 sh -c 'clang-tidy --quiet "$$@" -- $(TIDY_FLAGS)' tidy
