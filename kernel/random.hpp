// Random numbers for programs (getrandom(2), /dev/urandom, AT_RANDOM) and for the kernel.
//
// A ChaCha20 key stream (RFC 8439) whose key is replaced after each request, so that what was given out
// cannot be computed from what the kernel knows later. The first key comes from the processor: RDRAND where
// there is one, the clocks always.
#pragma once

#include "kernel/file/user_buffer.hpp"

#include <cstddef>
#include <span>

namespace kernel {

void init_random();
void fill_random(std::span<std::byte> to);
// As many as the program's memory takes. BadAddress when that is none.
lib::Result<size_t> random_to_user(UserBuffer &to);
// Mixes `bytes` into the key.
void stir_random(std::span<const std::byte> bytes);

} // namespace kernel
