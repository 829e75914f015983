# The tenants of the exhibit pool: user/tenant.cpp, a program for each of those that jobs.txt names, with a table of
# that size. Without symbols: nobody looks at them, and they lie in the machine's memory.

TENANTS := $(filter-out together queue,$(shell sed -n '/^together /p; /^queue /p' user/pool/jobs.txt))
TENANT_PROGRAMS := $(foreach job,$(TENANTS),$(BUILD)/user/tenants/$(firstword $(subst :, ,$(job))))
TENANT_LIBRARY := $(BUILD)/user/parts/pool/talk.o $(BUILD)/user/lib/processes.o

EXHIBIT_PROGRAMS += $(TENANT_PROGRAMS)
exhibits: $(TENANT_PROGRAMS)

# A machine of its own, twice; the swap disk is the second one's alone (UEFI firmware needs memory itself).
EXHIBIT_MEMORY_pool = $(if $(UEFI),128,64)
EXHIBIT_SWAP_pool := 128
EXHIBIT_RUNNER_pool := user/pool/run
EXHIBIT_NEEDS_pool = $(TENANT_PROGRAMS)

tenant_mib = $(lastword $(subst :, ,$(filter $(1):%,$(TENANTS))))
$(TENANT_PROGRAMS:%=%.o): $(BUILD)/user/tenants/%.o: user/tenant.cpp user/pool/jobs.txt user/pool/build.mk
	@mkdir -p $(@D)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -DTABLE_MIB=$(call tenant_mib,$*) -MMD -MP -c -o $@ $<

$(TENANT_PROGRAMS): %: %.o $(TENANT_LIBRARY)
	@echo "  CXX   $@"
	@$(CXX) $(EXHIBIT_CXXFLAGS) -s -o $@ $^

-include $(TENANT_PROGRAMS:%=%.d)
