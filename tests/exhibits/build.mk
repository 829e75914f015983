# The exhibits' tests need only the exhibits; `tests/exhibits/run vitrine` needs the kernel as well.

.PHONY: test-exhibits
test-exhibits: exhibits ## the exhibits' claims, on this machine's Linux
	BUILD=$(BUILD) tests/exhibits/run linux
