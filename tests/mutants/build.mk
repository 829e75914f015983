# Mutation testing: would the tests notice?

.PHONY: mutants kernel-mutants
mutants: setup-test ## make mistakes in mm/ on purpose; the host tests must catch each
	BUILD=$(BUILD) tests/mutants/run
kernel-mutants: setup-test guest-programs ## make mistakes in kernel/ on purpose; guest tests must catch each
	BUILD=$(BUILD) tests/mutants/kernel
