// The kernel option test=NAME: mistakes made on purpose, to see that the kernel's protections catch them.
#pragma once

#include <string_view>

namespace kernel {

bool is_provocation(std::string_view name);

// Makes the mistake. Each ends in the panic that names it (`hang` and `triple_fault` in silence), except
// those that the programs are to see (`disk_stops`); one that nothing stopped ends in a panic that says so,
// one that this processor cannot stop is refused.
void provoke(std::string_view name);

} // namespace kernel
