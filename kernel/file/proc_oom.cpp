// /proc/PID/oom_score, oom_score_adj and oom_adj (proc(5)): who would be ended when memory runs out, and a
// word in that (Linux: fs/proc/base.c).
#include "kernel/file/proc.hpp"
#include "kernel/file/text_file.hpp"
#include "kernel/process/out_of_memory.hpp"
#include "lib/format.hpp"
#include "mm/swap.hpp"

#include <algorithm>

namespace kernel::proc {

namespace {

// oom_adj, as it was before: from -17 (never) to 15.
constexpr int OldNever = -17, OldMost = 15;

bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
}

// As C has it: the text ends with a null character, if there is one, and 0x and 0 say in which base. Invalid;
// Range: it does not fit into an int.
Result<int> parse_number(std::string_view text)
{
    text = text.substr(0, text.find('\0'));
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    unsigned base = 10;
    if (text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && digit_of(text[2]) < 16) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.starts_with('0')) {
        base = 8;
    }
    if (text.empty()) return Errno::Invalid;
    int64_t value = 0; // of at most twelve digits
    for (char c : text) {
        if (digit_of(c) >= base) return Errno::Invalid;
        value = value * base + digit_of(c);
    }
    if (is_negative) value = -value;
    if (value < INT32_MIN || value > INT32_MAX) return Errno::Range;
    return static_cast<int>(value);
}

} // namespace

// In two thirds of a thousandth of all memory and swap, moved up so that it is never negative.
Result<uint64_t> write_oom_score(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    auto all = static_cast<int64_t>(mm::usable_ram_pages() + mm::swap_statistics().total);
    int64_t points = 0;
    if (process.has_memory() && process.oom_score_adjustment != OomAdjustment::Never)
        points = (1000 + oom_score(process, memory_held(process)) * 1000 / all) * 2 / 3;
    lib::format(sink, "{}\n", points);
    return TextFile::End;
}

Result<uint64_t> write_oom_score_adj(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor == 0) lib::format(sink, "{}\n", process.oom_score_adjustment);
    return TextFile::End;
}

Result<void> change_oom_score_adj(Process &process, std::string_view text)
{
    int value = TRY(parse_number(text));
    if (value < OomAdjustment::Never || value > OomAdjustment::Most) return Errno::Invalid;
    process.oom_score_adjustment = static_cast<int16_t>(value);
    return {};
}

Result<uint64_t> write_oom_adj(Process &process, uint64_t cursor, lib::TextSink &sink)
{
    if (cursor != 0) return TextFile::End;
    int value = process.oom_score_adjustment * -OldNever / OomAdjustment::Most;
    lib::format(sink, "{}\n", std::min(value, OldMost));
    return TextFile::End;
}

Result<void> change_oom_adj(Process &process, std::string_view text)
{
    int value = TRY(parse_number(text));
    if (value < OldNever || value > OldMost) return Errno::Invalid;
    value = value == OldMost ? OomAdjustment::Most : value * OomAdjustment::Most / -OldNever;
    process.oom_score_adjustment = static_cast<int16_t>(value);
    return {};
}

} // namespace kernel::proc
