// touch.h: one access per page. Never inlined: the loop is the same few instructions wherever it is used.
#pragma once
#include "abi.h"

void touch_write(u64 a, u64 len);
void touch_read(u64 a, u64 len, u64 step);

extern volatile u64 sink; // what is read has to go somewhere, or the compiler would not read it
