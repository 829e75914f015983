# `make test`: everything that is tested, in one command.

.PHONY: test test-build

test-build: setup-test all guest-programs boot-programs storm-programs disk-programs swap-programs process-programs pool-programs \
		recording-programs bench-programs host-tests fuzz-targets policies-programs

test: setup-test ## everything: set-up, build, host tests, fuzzing, guest tests (`make test SUITE=host` for one)
	@$(MAKE) --no-print-directory -j2 test-build
	@BUILD=$(BUILD) tests/run $(SUITE)
