// Writing into an address space that is not the current one: what exec does before the program can run.
#pragma once

#include "mm/address_space.hpp"

#include <cstddef>

namespace kernel {

using lib::Errno;
using lib::Result;

// As if the program had stored the bytes itself: pages appear, stacks grow. BadAddress where it could not
// have, NoMemory.
Result<void> write_to_space(mm::AddressSpace &space, mm::VirtAddr to, const void *from, size_t bytes);
Result<void> zero_in_space(mm::AddressSpace &space, mm::VirtAddr to, size_t bytes);

} // namespace kernel
