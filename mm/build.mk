# The sources of mm/: one list for the kernel, the host tests, the fuzzers and the mutants.
MM_SOURCES := $(sort $(wildcard mm/*.cpp))
