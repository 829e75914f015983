# The exhibits: ordinary static Linux programs, one per file of user/, all sharing user/lib/.
# Included by the top-level Makefile; alone, from the same directory: make -f user/build.mk exhibits

BUILD ?= build
CXX ?= g++

# In the order of the tour.
EXHIBITS := where translate brk mmap
EXHIBIT_PROGRAMS := $(EXHIBITS:%=$(BUILD)/user/%)

# Hosted C++ for user mode, unlike the kernel: flags of its own.
EXHIBIT_CXXFLAGS := -std=c++20 -O1 -g -static -Wall -Wextra -I.
EXHIBIT_LIBRARY := $(patsubst user/lib/%.cpp,$(BUILD)/user/lib/%.o,$(sort $(wildcard user/lib/*.cpp)))
EXHIBIT_OBJECTS := $(EXHIBIT_LIBRARY) $(EXHIBITS:%=$(BUILD)/user/%.o)

.PHONY: exhibits
exhibits: $(EXHIBIT_PROGRAMS) ## build the exhibits, ordinary Linux programs, into build/user/

$(EXHIBIT_OBJECTS): $(BUILD)/user/%.o: user/%.cpp user/build.mk
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -MMD -MP -c -o $@ $<

$(EXHIBIT_PROGRAMS): $(BUILD)/user/%: $(BUILD)/user/%.o $(EXHIBIT_LIBRARY)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -o $@ $^

-include $(EXHIBIT_OBJECTS:.o=.d)
