# The fuzzers: one program for each tests/fuzz/NAME_fuzzer.cpp, with clang's libFuzzer, AddressSanitizer and UBSan.

BUILD ?= build

FUZZ_CXX ?= clang++-14
FUZZ_CXXFLAGS := -std=c++2b -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined -DVITRINE_CHECKED=1 -Wall -Wextra -I.
FUZZ_NAMES := $(patsubst tests/fuzz/%_fuzzer.cpp,%,$(sort $(wildcard tests/fuzz/*_fuzzer.cpp)))
FUZZ_TARGETS := $(FUZZ_NAMES:%=$(BUILD)/fuzz/%)
# The address space's fuzzer is the property test's world with a fuzzer's choices.
FUZZ_SHARED := $(sort $(wildcard mm/*.cpp lib/*.cpp)) $(sort $(filter-out %_test.cpp,$(wildcard tests/host/*.cpp)))
FUZZ_SHARED_OBJECTS := $(FUZZ_SHARED:%.cpp=$(BUILD)/fuzz/objects/%.o)
FUZZ_OBJECTS := $(FUZZ_SHARED_OBJECTS) $(FUZZ_NAMES:%=$(BUILD)/fuzz/objects/tests/fuzz/%_fuzzer.o)
FUZZ_ARCHIVE := $(BUILD)/fuzz/libparts.a
# How long `make fuzz` gives each of them, in seconds.
FUZZ_SECONDS ?= 600

.PHONY: fuzz-targets fuzz
fuzz-targets: $(FUZZ_TARGETS)

fuzz: fuzz-targets ## each fuzzer for FUZZ_SECONDS (600); `make test` gives them 12
	BUILD=$(BUILD) tests/fuzz/smoke $(FUZZ_SECONDS)

$(FUZZ_OBJECTS): $(BUILD)/fuzz/objects/%.o: %.cpp tests/fuzz/build.mk
	@mkdir -p $(@D)
	@echo '  CXX   $@'
	@$(FUZZ_CXX) $(FUZZ_CXXFLAGS) -MMD -MP -c -o $@ $<

$(FUZZ_ARCHIVE): $(FUZZ_SHARED_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(FUZZ_TARGETS): $(BUILD)/fuzz/%: $(BUILD)/fuzz/objects/tests/fuzz/%_fuzzer.o $(FUZZ_ARCHIVE)
	@echo '  LD    $@'
	@$(FUZZ_CXX) -fsanitize=fuzzer,address,undefined -o $@ $^ -lgtest

-include $(FUZZ_OBJECTS:.o=.d)
