// The kernel's options: what the command line and the archive's file boot/options asked for.
//
// An option that is unknown or makes no sense stops the kernel with a sentence (debug-exit 0x12): a typing
// error must not become a machine that quietly does something else. options.cpp has them as a table.
#pragma once

#include "boot/boot_info.hpp"
#include "mm/pool.hpp"
#include "mm/replacement.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace kernel {

// A program to start: arguments[0] is its path as written.
struct ProgramOption {
    std::span<const std::string_view> arguments;
    bool with_previous = false; // of `then`: starts together with the one before it
    // Of `then`: its status 0 lets more start, 1 ends the run, any other is the run's as well.
    bool asks = false;
    // How it has to end, as a shell counts: 128 + N for signal N. Otherwise nothing more starts.
    std::optional<uint8_t> expected_status = {};
    std::string_view path() const { return arguments[0]; }
};

// memory=pool and what goes with it.
struct PoolOptions {
    bool wanted = false;
    bool described = false; // one of the others was given
    uint64_t mebibytes = 0; // 0: three quarters of what is free
    mm::Fit fit = mm::Fit::First;
    uint64_t heap_mebibytes = 4;
    uint64_t stack_kibibytes = 256;
};

struct Options {
    std::span<const ProgramOption> run;            // start together
    std::span<const ProgramOption> then;           // one after the other, when all before have ended
    std::span<const ProgramOption> queue;          // one whenever a program has ended
    std::span<const std::string_view> environment; // "NAME=VALUE", for all programs
    std::string_view cwd = "/";
    uint64_t disk_timeout = 30;             // seconds after which a disk's unanswered request fails; 0: never
    std::span<const std::string_view> swap; // disks to take into use for swap, by path
    mm::PolicyName swap_policy = mm::PolicyName::Clock;
    bool swap_read_ahead = true; // pages come from disk with their neighbours
    PoolOptions pool;
    unsigned record_references = 0; // pages in an interval of the recording of the first program; 0: none
    std::string_view test;          // a kernel fault to provoke; empty: none

    bool terminals_given = false; // otherwise: none on the channel, all three on COM1
    bool terminal[3] = {};        // which of the descriptors 0, 1, 2 are terminals
    uint16_t columns = 80;        // TIOCGWINSZ
    uint16_t rows = 24;
};

// Constant after init_options().
const Options &options();

// After the kernel heap and the archive.
void init_options(const boot::BootInfo &info);

} // namespace kernel
