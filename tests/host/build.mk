# The host tests: mm/ and lib/ compiled as an ordinary program, on the simulated machine of tests/host/machine.cpp.
# One program for each tests/host/NAME_test.cpp. `make -f tests/host/build.mk host-test` works alone.
#
# HOST_SOURCES_NAME_test := FILES adds sources to one program, for tests of parts that live elsewhere.
HOST_SOURCES_block_test := kernel/device/block.cpp kernel/device/block_timeout.cpp
HOST_SOURCES_boot_info_test := boot/memory_map.cpp boot/multiboot2.cpp boot/pvh.cpp
HOST_SOURCES_free_list_heap_test := user/heap/free_list_heap.cpp
HOST_SOURCES_handle_heap_test := user/heap/free_list_heap.cpp user/heap/handle_heap.cpp
HOST_SOURCES_pending_signals_test := $(addprefix kernel/signal/,pending_signals.cpp signal_info.cpp \
	signal_number.cpp)
HOST_SOURCES_pipe_ring_test := kernel/file/pipe_ring.cpp
HOST_SOURCES_policies_replay_test := $(addprefix tools/policies/,arguments.cpp comparison.cpp optimal.cpp replay.cpp \
	trace.cpp)
HOST_SOURCES_policies_trace_test := $(addprefix tools/policies/,arguments.cpp trace.cpp working_set.cpp)
HOST_SOURCES_signal_frame_test := kernel/cpu/vector_format.cpp kernel/signal/signal_frame.cpp
HOST_SOURCES_wait_queue_test := kernel/process/wait_queue.cpp kernel/process/sleeping_lock.cpp

BUILD ?= build

HOST_CXX ?= g++
# Exceptions are on: the simulated machine's fail() throws. The checked build's poison and audits are what is tested.
HOST_CXXFLAGS := -std=c++2b -O2 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	-DVITRINE_CHECKED=1 -Wall -Wextra -I.
HOST_LDFLAGS := -fsanitize=address,undefined
HOST_LIBRARIES := -lgtest -lgtest_main -lpthread

# (HOST_PARTS may be replaced by one who tests changed copies of mm/.)
HOST_PARTS ?= $(sort $(wildcard mm/*.cpp lib/*.cpp))
HOST_TEST_NAMES := $(patsubst tests/host/%.cpp,%,$(sort $(wildcard tests/host/*_test.cpp)))
HOST_TESTS := $(HOST_TEST_NAMES:%=$(BUILD)/host/%)
HOST_SHARED := $(sort $(filter-out %_test.cpp,$(wildcard tests/host/*.cpp)))
HOST_PART_OBJECTS := $(HOST_PARTS:%.cpp=$(BUILD)/host/objects/%.o)
HOST_SHARED_OBJECTS := $(HOST_SHARED:%.cpp=$(BUILD)/host/objects/%.o)
HOST_ARCHIVE := $(BUILD)/host/libparts.a
HOST_TEST_OBJECTS := $(HOST_TEST_NAMES:%=$(BUILD)/host/objects/tests/host/%.o)
HOST_EXTRA_OBJECTS := $(sort $(foreach test,$(HOST_TEST_NAMES), \
	$(patsubst %.cpp,$(BUILD)/host/objects/%.o,$(HOST_SOURCES_$(test)))))
HOST_OBJECTS := $(HOST_PART_OBJECTS) $(HOST_SHARED_OBJECTS) $(HOST_TEST_OBJECTS) $(HOST_EXTRA_OBJECTS)

# mm/ and lib/ once more as the kernel compiles them, default and checked: what tests/host/layering looks at.
LAYERING_CXXFLAGS := -std=c++2b -ffreestanding -mgeneral-regs-only -mno-red-zone -mcmodel=kernel -fno-pic -fno-pie \
	-fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-stack-protector -O2 -Wall -Wextra -I.
LAYERING_OBJECTS := $(HOST_PARTS:%.cpp=$(BUILD)/host/layering/default/%.o) \
	$(HOST_PARTS:%.cpp=$(BUILD)/host/layering/checked/%.o)

# Who includes this file keeps the default goal it has.
host_default_goal := $(.DEFAULT_GOAL)

.PHONY: host-tests host-test layering-objects
host-tests: $(HOST_TESTS) layering-objects

host-test: host-tests ## the host tests alone
	BUILD=$(BUILD) tests/host/run-all

layering-objects: $(LAYERING_OBJECTS)

# The tests themselves, as opposed to what they test, are run once: compiling them well takes longer than that.
$(HOST_TEST_OBJECTS): HOST_CXXFLAGS := $(HOST_CXXFLAGS:-O2=-O0)

$(HOST_OBJECTS): $(BUILD)/host/objects/%.o: %.cpp tests/host/build.mk
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@$(HOST_CXX) $(HOST_CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/host/layering/default/%.o: %.cpp tests/host/build.mk
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@$(HOST_CXX) $(LAYERING_CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/host/layering/checked/%.o: %.cpp tests/host/build.mk
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@$(HOST_CXX) $(LAYERING_CXXFLAGS) -DVITRINE_CHECKED=1 -MMD -MP -c -o $@ $<

# (A % in the prerequisites below would be taken for the rule's own.)
host_objects_of = $(patsubst %.cpp,$(BUILD)/host/objects/%.o,$1)

# An archive, so that each program takes only what it uses.
$(HOST_ARCHIVE): $(HOST_PART_OBJECTS) $(HOST_SHARED_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

.SECONDEXPANSION:
$(HOST_TESTS): $(BUILD)/host/%: $(BUILD)/host/objects/tests/host/%.o \
		$$(call host_objects_of,$$(HOST_SOURCES_$$*)) $(HOST_ARCHIVE)
	@echo '  LD    $@'
	@$(HOST_CXX) $(HOST_LDFLAGS) -o $@ $^ $(HOST_LIBRARIES)

-include $(HOST_OBJECTS:.o=.d) $(LAYERING_OBJECTS:.o=.d)

ifneq ($(firstword $(MAKEFILE_LIST)),tests/host/build.mk)
.DEFAULT_GOAL := $(host_default_goal)
endif
