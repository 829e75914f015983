# The exhibit malloc, twice: `malloc` with glibc, `malloc.musl` with musl.
#
# It watches a C library's malloc from the first byte on. The C++ library would allocate before main does, and there
# is none for musl: so these programs use no more of it than what its headers bring along, and are linked without.

MALLOC_SOURCES := user/malloc.cpp user/malloc/watch.cpp user/malloc/change_table.cpp \
	user/lib/block.cpp user/lib/number.cpp user/lib/translation.cpp
MALLOC_CXXFLAGS := $(EXHIBIT_CXXFLAGS) -fno-exceptions -fno-rtti -fno-threadsafe-statics
MALLOC_OBJECTS := $(MALLOC_SOURCES:user/%.cpp=$(BUILD)/user/parts/malloc/glibc/%.o)
MALLOC_MUSL_OBJECTS := $(MALLOC_SOURCES:user/%.cpp=$(BUILD)/user/parts/malloc/musl/%.o)

# musl's headers behind the C++ library's, which ask for a macro that only glibc has.
MUSL_SPECS := /usr/lib/x86_64-linux-musl/musl-gcc.specs
CXX_VERSION = $(shell $(CXX) -dumpversion)
MUSL_CXXFLAGS = -specs=$(MUSL_SPECS) -isystem /usr/include/c++/$(CXX_VERSION) \
	-isystem /usr/include/x86_64-linux-gnu/c++/$(CXX_VERSION) '-D__GLIBC_PREREQ(major,minor)=0' '-DC_LIBRARY="musl"'

EXHIBIT_PROGRAMS += $(BUILD)/user/malloc.musl
exhibits: $(BUILD)/user/malloc.musl

$(MALLOC_OBJECTS): $(BUILD)/user/parts/malloc/glibc/%.o: user/%.cpp user/malloc/build.mk
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) $(MALLOC_CXXFLAGS) -MMD -MP -c -o $@ $<

$(MALLOC_MUSL_OBJECTS): $(BUILD)/user/parts/malloc/musl/%.o: user/%.cpp user/malloc/build.mk
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) $(MALLOC_CXXFLAGS) $(MUSL_CXXFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/user/malloc: $(MALLOC_OBJECTS) $(BUILD)/user/zh/malloc.o
	@echo "  CXX   $@"
	@$(CXX) -static -nodefaultlibs -o $@ $^ -Wl,--start-group -lc -lgcc -lgcc_eh -Wl,--end-group

$(BUILD)/user/malloc.musl: $(MALLOC_MUSL_OBJECTS) $(BUILD)/user/zh/malloc.o
	@echo "  CXX   $@"
	@$(CXX) -specs=$(MUSL_SPECS) -static -nodefaultlibs -o $@ $^ -lc -lgcc

-include $(MALLOC_OBJECTS:.o=.d) $(MALLOC_MUSL_OBJECTS:.o=.d)
