// The parts of the exhibit "stack" that have a file of their own.
#pragma once

#include "user/lib/block.hpp"

// A stack allocator at work: only the newest can be freed, and what becomes of an object that should stay.
void draw_mark_and_release(exhibit::Block &output);

// "stack limit [KiB]": calls until the kernel ends it.
[[noreturn]] void meet_stack_limit(int argc, char **argv, const char *usage);
