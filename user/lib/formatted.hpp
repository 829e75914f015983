// Text put together as a string of its own, where a block (block.hpp) does not take it at once.
#pragma once

#include <string>

namespace exhibit {

// What printf(3) would print of the translated format, cut at 255 bytes. Unlike a block, it may allocate.
std::string formatted(const char *format, ...) __attribute__((format(printf, 1, 2)));

} // namespace exhibit
