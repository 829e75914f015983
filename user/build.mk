# The exhibits: ordinary static Linux programs, one per file of user/, all sharing user/lib/. An exhibit NAME may
# have more sources, in user/NAME/.
# Included by the top-level Makefile; alone, from the same directory: make -f user/build.mk exhibits

BUILD ?= build
CXX ?= g++
SHELL := /bin/bash

# user/tour.txt names them, in the order of the tour; pool takes machines of its own and is in no tour.
EXHIBITS := $(shell sed -n 's/^\([a-z][a-z]*\)$$/\1/p' user/tour.txt) pool
TOUR_MEMORY := $(shell sed -n 's/^memory //p' user/tour.txt)
TOUR_SWAP := $(shell sed -n 's/^swap //p' user/tour.txt)
# Exhibits that want a machine of their own, in MiB (UEFI firmware needs 64 itself).
EXHIBIT_MEMORY_swap = $(if $(UEFI),64,32)
EXHIBIT_SWAP_swap := 256
EXHIBIT_MEMORY_fork = 64
EXHIBIT_SWAP_fork := 256
EXHIBIT_MEMORY_priority = $(if $(UEFI),64,48)
EXHIBIT_SWAP_priority := 256
USER_PROGRAMS := $(EXHIBITS) tour
EXHIBIT_PROGRAMS := $(USER_PROGRAMS:%=$(BUILD)/user/%)

# Hosted C++ for user mode, unlike the kernel: flags of its own.
EXHIBIT_CXXFLAGS := -std=c++20 -O1 -g -static -Wall -Wextra -I.
EXHIBIT_LIBRARY_SOURCES := $(sort $(wildcard user/lib/*.cpp))
EXHIBIT_LIBRARY := $(EXHIBIT_LIBRARY_SOURCES:%.cpp=$(BUILD)/%.o)
exhibit_parts = $(sort $(wildcard user/$(1)/*.cpp))
EXHIBIT_PARTS := $(foreach name,$(USER_PROGRAMS),$(call exhibit_parts,$(name)))
EXHIBIT_OBJECTS := $(EXHIBIT_LIBRARY) $(USER_PROGRAMS:%=$(BUILD)/user/%.o)
EXHIBIT_PART_OBJECTS := $(EXHIBIT_PARTS:user/%.cpp=$(BUILD)/user/parts/%.o) # build/user/NAME is the program
EXHIBIT_CATALOGUES := $(USER_PROGRAMS:%=$(BUILD)/user/zh/%.mo)

.PHONY: exhibits messages
exhibits: $(EXHIBIT_PROGRAMS) ## build the exhibits, ordinary Linux programs, into build/user/

define COMPILE_EXHIBIT
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -MMD -MP -c -o $@ $<
endef
$(EXHIBIT_OBJECTS): $(BUILD)/user/%.o: user/%.cpp user/build.mk
	$(COMPILE_EXHIBIT)
$(EXHIBIT_PART_OBJECTS): $(BUILD)/user/parts/%.o: user/%.cpp user/build.mk
	$(COMPILE_EXHIBIT)

# (malloc is linked in its own way: user/malloc/build.mk.)
$(filter-out %/malloc,$(EXHIBIT_PROGRAMS)): $(BUILD)/user/%: $(BUILD)/user/%.o $(BUILD)/user/zh/%.o $(EXHIBIT_LIBRARY)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -o $@ $^

$(foreach name,$(filter-out malloc,$(USER_PROGRAMS)),$(eval $(BUILD)/user/$(name): $(patsubst user/%.cpp,$(BUILD)/user/parts/%.o,$(call exhibit_parts,$(name)))))

# The Chinese texts (user/lib/translation.hpp). xgettext knows which texts are formats, the .po files need not
# say it: msgmerge hands that over, and msgfmt refuses a translation whose numbers are not the original's.
EXTRACT = set -o pipefail; xgettext --language=C++ --from-code=UTF-8 --keyword --keyword=N_ --force-po --output=- \
	$(1) | sed 's/charset=CHARSET/charset=UTF-8/; /^"POT-Creation-Date:/d; /^"Report-Msgid-Bugs-To:/d'

# The tour's sentences, as xgettext can read them.
$(BUILD)/user/zh/tour.texts.cpp: user/tour.txt
	@mkdir -p $(@D)
	@sed -n '/^ *#/d; /^    run /d; /^    dies /d; s/^    \(.*\)$$/N_("\1")/p' $< > $@
$(BUILD)/user/zh/tour.mo: $(BUILD)/user/zh/tour.texts.cpp

$(EXHIBIT_CATALOGUES): $(BUILD)/user/zh/%.mo: user/%.cpp user/zh/lib.po $(EXHIBIT_LIBRARY_SOURCES) \
		user/build.mk
	@mkdir -p $(@D)
	@echo "  MO    $@"
	@$(call EXTRACT,$(filter %.cpp,$^)) > $(@:.mo=.pot)
	@msgcat --use-first user/zh/lib.po $(wildcard user/zh/$*.po) > $(@:.mo=.all.po)
	@msgmerge --quiet --no-fuzzy-matching $(@:.mo=.all.po) $(@:.mo=.pot) > $(@:.mo=.po)
	@msgfmt --check --output-file=$@ $(@:.mo=.po)

$(foreach name,$(USER_PROGRAMS),$(eval $(BUILD)/user/zh/$(name).mo: $(wildcard user/zh/$(name).po) $(call exhibit_parts,$(name))))

$(EXHIBIT_CATALOGUES:.mo=.o): %.o: %.mo user/catalogue.S
	@$(CXX) -DCATALOGUE='"$<"' -c -o $@ user/catalogue.S

messages: $(BUILD)/user/zh/tour.texts.cpp ## put new texts of the exhibits (or NAME=name) into user/zh/*.po, to be translated there
	@for name in $(or $(NAME),$(USER_PROGRAMS) lib); do \
		sources=$$(ls user/$$name.cpp user/$$name/*.cpp $(BUILD)/user/zh/$$name.texts.cpp 2>/dev/null); \
		[ -f user/zh/$$name.po ] || { echo "# The exhibit $$name in Chinese."; \
			sed '/^#/d; /^$$/q' user/zh/lib.po; } > user/zh/$$name.po; \
		$(call EXTRACT,$$sources) | msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-location \
			--no-wrap user/zh/$$name.po -; done

-include $(EXHIBIT_OBJECTS:.o=.d) $(EXHIBIT_PART_OBJECTS:.o=.d)

include user/malloc/build.mk
include user/pool/build.mk
