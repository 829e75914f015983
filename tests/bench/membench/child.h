// child.h: measuring in a forked child, so that the parent's memory is as it was.
#pragma once
#include "abi.h"

// 0 when the child exited with 0, else a negative error number.
s64 reap(s64 pid);
// What measure(argument) returned in a child; 0 on failure, with *error saying why.
u64 in_child(u64 (*measure)(u64), u64 argument, int *error);
