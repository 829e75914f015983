// What a panic shows of the kernel's state.
#pragma once

#include "lib/format.hpp"
#include "mm/address.hpp"

namespace kernel {

struct TrapFrame;

void print_registers(lib::TextSink &sink, const TrapFrame &frame);
// Follows the chain of frame pointers from `frame_pointer` for as long as it lies in kernel stacks. With the
// stack pointer at `instruction` (0: unknown) the caller is found also when the instruction belongs to a
// function without a frame, or to no function at all.
void print_backtrace(lib::TextSink &sink, uint64_t instruction, uint64_t frame_pointer,
                     uint64_t stack_pointer);
// The walk of all four levels from CR3, for one address.
void print_page_walk(lib::TextSink &sink, mm::VirtAddr address);

} // namespace kernel
