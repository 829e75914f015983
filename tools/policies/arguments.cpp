// Words into numbers, with every limit checked.
#include "tools/policies/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace policies {

namespace {

constexpr const char *Usage = "usage: replay [--frames FIRST-LAST[:STEP]] [--tick N|kernel] [--at-once N] "
                              "[--csv FILE] [--working-set FILE] "
                              "[--window NS] TRACE";

std::optional<uint64_t> number(std::string_view text, uint64_t least, uint64_t most)
{
    uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most)
        return std::nullopt;
    return value;
}

// 1-40, 8-512:8, or one number alone.
void parse_frames(std::string_view text, Arguments &arguments)
{
    size_t colon = text.find(':');
    std::string_view range = text.substr(0, colon);
    size_t dash = range.find('-');
    auto first = number(range.substr(0, dash), 1, MostFrames);
    auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1), 1, MostFrames);
    std::optional<uint64_t> step = 0;
    if (colon != std::string_view::npos) step = number(text.substr(colon + 1), 1, MostFrames);
    if (!first || !last || !step || *first > *last)
        throw UsageError(
            "frames: \"" + std::string(text) +
            "\" is no range: FIRST-LAST or FIRST-LAST:STEP, such as 1-40 or 8-512:8, at least 1 and at "
            "most " +
            std::to_string(MostFrames));
    arguments.first = static_cast<uint32_t>(*first);
    arguments.last = static_cast<uint32_t>(*last);
    arguments.step = static_cast<uint32_t>(*step);
}

void parse_tick(const std::string &text, Arguments &arguments)
{
    auto tick = text == "kernel" ? 0 : number(text, 1, UINT32_MAX);
    if (!tick)
        throw UsageError("tick: \"" + text +
                         "\" is neither a number of references from 1 on nor the word kernel");
    arguments.sample_lru = arguments.sample_aging = *tick;
}

} // namespace

Arguments parse_arguments(const std::vector<std::string> &words)
{
    Arguments arguments;
    bool are_options_over = false;
    for (size_t i = 0; i < words.size(); i++) {
        const std::string &word = words[i];
        if (are_options_over || !word.starts_with("--")) {
            if (!arguments.trace.empty() || word.empty()) throw UsageError(Usage);
            arguments.trace = word;
            continue;
        }
        if (word == "--") {
            are_options_over = true;
            continue;
        }
        if (i + 1 == words.size()) throw UsageError(Usage);
        const std::string &value = words[++i];
        if (word == "--frames") {
            parse_frames(value, arguments);
        } else if (word == "--tick") {
            parse_tick(value, arguments);
        } else if (word == "--at-once") {
            auto pages = number(value, 1, MostFrames);
            if (!pages) throw UsageError("at-once: \"" + value + "\" is no number of pages from 1 on");
            arguments.at_once = static_cast<uint32_t>(*pages);
        } else if (word == "--csv") {
            arguments.csv = value;
        } else if (word == "--working-set") {
            arguments.working_set = value;
        } else if (word == "--window") {
            auto window = number(value, 1, UINT64_MAX);
            if (!window) throw UsageError("window: \"" + value + "\" is no number of nanoseconds from 1 on");
            arguments.window = *window;
        } else {
            throw UsageError(Usage);
        }
    }
    if (arguments.trace.empty()) throw UsageError(Usage);
    return arguments;
}

std::vector<uint32_t> frame_counts(const Arguments &arguments, uint32_t pages)
{
    constexpr uint32_t Counts = 40;
    uint32_t first = std::max(arguments.first, 1u);
    uint32_t last = arguments.last != 0 ? arguments.last : std::min(pages, MostFrames);
    uint32_t step = arguments.step != 0 ? arguments.step : (last - first) / Counts + 1;
    std::vector<uint32_t> counts;
    for (uint64_t count = first; count < last; count += step) counts.push_back(static_cast<uint32_t>(count));
    counts.push_back(last);
    return counts;
}

} // namespace policies
