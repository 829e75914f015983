# Mutation testing of mm/: would the tests notice?

.PHONY: mutants
mutants: setup-test ## make mistakes in mm/ on purpose; the host tests must catch each
	BUILD=$(BUILD) tests/mutants/run
