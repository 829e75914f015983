// What the table of the kernel's options and the parsers of their values share (options.cpp, and
// memory_options.cpp for those about memory). Nobody else includes this.
#pragma once

#include "kernel/options.hpp"
#include "lib/command_line.hpp"

#include <span>
#include <string_view>

namespace kernel {

// Where the parsers put what they found. There is room for as much as the text can hold.
struct Storage {
    Options &options;
    ProgramOption *run, *then, *queue;
    std::string_view *environment, *arguments, *swap;
    size_t run_count = 0, then_count = 0, queue_count = 0;
    size_t environment_count = 0, argument_count = 0, swap_count = 0;
    ProgramOption *latest = nullptr; // of run, then and queue
};

// What is wrong with the value, or null. The value is in memory that may be changed.
using Problem = const char *;
using Parser = Problem (*)(std::span<char> value, Storage &storage);

constexpr Problem BadCode = "a percent sign must be followed by two hexadecimal digits that are not 00";

inline std::string_view view(std::span<char> text)
{
    return {text.data(), text.size()};
}

// Decodes in place, which only ever shortens.
inline bool decode(std::span<char> &value)
{
    auto length = lib::percent_decode(view(value), value);
    if (length) value = value.first(*length);
    return length.has_value();
}

Problem parse_swap(std::span<char> value, Storage &storage);
Problem parse_swap_policy(std::span<char> value, Storage &storage);
Problem parse_swap_read_ahead(std::span<char> value, Storage &storage);
Problem parse_memory(std::span<char> value, Storage &storage);
Problem parse_pool(std::span<char> value, Storage &storage);
Problem parse_pool_fit(std::span<char> value, Storage &storage);
Problem parse_pool_heap(std::span<char> value, Storage &storage);
Problem parse_pool_stack(std::span<char> value, Storage &storage);
Problem parse_record_references(std::span<char> value, Storage &storage);

// What options that make sense one by one do not mean together; null: nothing.
Problem contradiction_about_memory(const Options &options);

} // namespace kernel
