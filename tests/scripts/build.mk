# The scripts need nothing built but the kernel; Linux's side of them is recorded.
#   scripts-oracle   runs them on Debian's Linux kernel in QEMU and records what they print and how they end
BUILD ?= build

.PHONY: scripts-oracle
scripts-oracle: setup-test $(BUILD)/guest/oracle_init ## record the scripts' expectations on Debian's Linux again
	tests/scripts/oracle --build $(BUILD)
