# The policies of page replacement, compared on traces of page references: docs/replacement.md.
#   make policies                          the traces in tools/policies/traces
#   make policies TRACE=file FRAMES=1-40   another one; FRAMES=8-512:8 in steps of 8
#   make policies TICK=100                 lru and aging look at the Accessed bits after every 100 references
#   make policies WRITE=1                  the included ones, and docs/ gets the tables and pictures
#   make policies-traces                   the recorded ones recorded anew

BUILD ?= build
TRACE ?=
FRAMES ?=
TICK ?=

POLICIES := $(BUILD)/policies
POLICIES_SOURCES := $(sort $(wildcard tools/policies/*.cpp))
# What the kernel has, and the simulated sides of its three seams from the host tests; here without sanitizers.
POLICIES_PARTS := $(sort $(wildcard mm/*.cpp lib/*.cpp)) $(addprefix tests/host/,machine.cpp swap_device.cpp waiting.cpp)
POLICIES_OBJECTS := $(POLICIES_SOURCES:%.cpp=$(POLICIES)/objects/%.o)
POLICIES_PART_OBJECTS := $(POLICIES_PARTS:%.cpp=$(POLICIES)/objects/%.o)
POLICIES_CXXFLAGS := -std=c++2b -O2 -g -Wall -Wextra -I.

.PHONY: policies policies-programs policies-traces
policies: setup ## replacement policies compared on traces of page references (TRACE=file FRAMES=1-40 TICK=N)
	@$(MAKE) -s --no-print-directory -j2 policies-programs
	@BUILD=$(BUILD) tools/policies/policies $(if $(TRACE),--trace="$(TRACE)") $(if $(FRAMES),--frames="$(FRAMES)") \
		$(if $(TICK),--tick="$(TICK)") $(if $(WRITE),--write)

policies-programs: $(POLICIES)/replay

policies-traces: $(BUILD)/vitrine.elf recording-programs
	@BUILD=$(BUILD) tools/policies/record-traces

$(POLICIES)/replay: $(POLICIES_OBJECTS) $(POLICIES)/libparts.a
	@echo '  LD    $@'
	@$(CXX) -o $@ $^

# An archive, so that the program takes only what it uses.
$(POLICIES)/libparts.a: $(POLICIES_PART_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(POLICIES_OBJECTS) $(POLICIES_PART_OBJECTS): $(POLICIES)/objects/%.o: %.cpp tools/policies/build.mk
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@$(CXX) $(POLICIES_CXXFLAGS) -MMD -MP -c -o $@ $<

-include $(POLICIES_OBJECTS:.o=.d) $(POLICIES_PART_OBJECTS:.o=.d)
