// The kernel's options about memory: swap and its policy, the pool of contiguous pieces, and the recording.
#include "kernel/option_parsers.hpp"
#include "mm/reference_recorder.hpp"

namespace kernel {

namespace {

// Programs fit below 128 TiB whatever is asked for; what the machine cannot have is told when it is known.
constexpr uint64_t MostMebibytes = uint64_t{1} << 24; // 16 TiB
// The start of a libc needs more than a page or two; stacks beyond the largest are a slip of the keyboard.
constexpr uint64_t LeastStackKib = 16, MostStackKib = uint64_t{1} << 20;

constexpr Problem NoMebibytes = "it must be MiB, from 1 to 16777216";

Problem parse_mebibytes(std::span<char> value, uint64_t &mebibytes)
{
    auto number = lib::parse_decimal(view(value));
    if (!number || *number == 0 || *number > MostMebibytes) return NoMebibytes;
    mebibytes = *number;
    return nullptr;
}

} // namespace

Problem parse_swap(std::span<char> value, Storage &storage)
{
    if (!decode(value)) return BadCode;
    if (value.empty() || value[0] != '/') return "it must be an absolute path, such as swap=/dev/vda";
    storage.swap[storage.swap_count++] = view(value);
    return nullptr;
}

Problem parse_swap_policy(std::span<char> value, Storage &storage)
{
    auto policy = mm::policy_named(view(value));
    if (!policy) return "it must be aging, clock, fifo, lru or random";
    storage.options.swap_policy = *policy;
    return nullptr;
}

Problem parse_swap_read_ahead(std::span<char> value, Storage &storage)
{
    if (view(value) != "on" && view(value) != "off") return "it must be on or off";
    storage.options.swap_read_ahead = view(value) == "on";
    return nullptr;
}

Problem parse_memory(std::span<char> value, Storage &storage)
{
    if (view(value) != "paging" && view(value) != "pool") return "it must be paging or pool";
    storage.options.pool.wanted = view(value) == "pool";
    return nullptr;
}

Problem parse_pool(std::span<char> value, Storage &storage)
{
    storage.options.pool.described = true;
    return parse_mebibytes(value, storage.options.pool.mebibytes);
}

Problem parse_pool_fit(std::span<char> value, Storage &storage)
{
    auto fit = mm::fit_named(view(value));
    if (!fit) return "it must be first, best or worst";
    storage.options.pool.described = true;
    storage.options.pool.fit = *fit;
    return nullptr;
}

Problem parse_pool_heap(std::span<char> value, Storage &storage)
{
    storage.options.pool.described = true;
    return parse_mebibytes(value, storage.options.pool.heap_mebibytes);
}

Problem parse_pool_stack(std::span<char> value, Storage &storage)
{
    auto kibibytes = lib::parse_decimal(view(value));
    bool makes_sense = kibibytes && *kibibytes >= LeastStackKib && *kibibytes <= MostStackKib &&
                       *kibibytes % (mm::PageSize >> 10) == 0;
    if (!makes_sense) return "it must be KiB, whole pages of 4, from 16 to 1048576";
    storage.options.pool.described = true;
    storage.options.pool.stack_kibibytes = *kibibytes;
    return nullptr;
}

Problem parse_record_references(std::span<char> value, Storage &storage)
{
    static_assert(mm::ReferenceRecorder::LeastPages == 8 && mm::ReferenceRecorder::MostPages == 1024);
    auto pages = lib::parse_decimal(view(value));
    if (!pages || *pages < mm::ReferenceRecorder::LeastPages || *pages > mm::ReferenceRecorder::MostPages)
        return "it must be the pages of an interval, from 8 to 1024";
    storage.options.record_references = static_cast<unsigned>(*pages);
    return nullptr;
}

Problem contradiction_about_memory(const Options &options)
{
    if (options.pool.described && !options.pool.wanted)
        return "options pool, pool_fit, pool_heap and pool_stack say how memory=pool is to be: say that as "
               "well";
    if (options.pool.wanted && !options.swap.empty())
        return "options memory=pool and swap= exclude each other: a piece is in memory from its first page "
               "to "
               "its last for as long as its program runs, so there is nothing to swap";
    return nullptr;
}

} // namespace kernel
