// Words become references. Everything that a file can have wrong is told with its line.
#include "tools/policies/trace.hpp"

#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <unordered_map>

namespace policies {

namespace {

constexpr size_t MostBytes = size_t{1} << 30;

// The whole word must be a number.
std::optional<uint64_t> number(std::string_view word, int base)
{
    uint64_t value = 0;
    auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, base);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

// Short, and harmless to a terminal.
std::string shown(std::string_view word)
{
    constexpr size_t Most = 24;
    std::string text{word.substr(0, Most)};
    for (char &each : text) {
        if (each < ' ' || each > '~') each = '?';
    }
    return "\"" + text + (word.size() > Most ? "…" : "") + "\"";
}

class Parser {
public:
    Trace parse(std::string_view text)
    {
        while (!text.empty()) {
            size_t end = std::min(text.find('\n'), text.size());
            line_++;
            parse_line(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (trace_.references.empty()) throw TraceError("there is no reference in it");
        return std::move(trace_);
    }

private:
    void parse_line(std::string_view line)
    {
        constexpr std::string_view Space = " \t\r\v\f";
        line = line.substr(0, line.find('#'));
        for (;;) {
            size_t begin = line.find_first_not_of(Space);
            if (begin == std::string_view::npos) return;
            line.remove_prefix(begin);
            size_t end = std::min(line.find_first_of(Space), line.size());
            std::string_view word = line.substr(0, end);
            line.remove_prefix(end);
            if (word.front() == '@')
                add_time(word);
            else
                add_reference(word);
        }
    }

    void add_time(std::string_view word)
    {
        auto time = number(word.substr(1), 10);
        if (!time) fail(shown(word) + " is no time: nanoseconds, such as @1500");
        auto &times = trace_.times;
        if (!times.empty() && *time < times.back().nanoseconds) fail(shown(word) + ": time goes backwards");
        if (!times.empty() && times.back().reference == trace_.references.size())
            times.pop_back(); // nothing happened then
        times.push_back({trace_.references.size(), *time});
    }

    void add_reference(std::string_view word)
    {
        std::string_view digits = word.ends_with('w') ? word.substr(0, word.size() - 1) : word;
        auto page = digits.starts_with("0x") ? number(digits.substr(2), 16) : number(digits, 10);
        if (!page)
            fail(shown(word) +
                 " is no page number: decimal or 0x…, with a w behind it when it was written to");
        if (*page > LastPage) fail(shown(word) + ": no address space has such a page");
        if (trace_.references.size() == MostReferences)
            fail("more than " + std::to_string(MostReferences) + " references are too many");
        auto [known, is_new] = numbers_.try_emplace(*page, trace_.pages);
        if (is_new) trace_.pages++;
        trace_.references.push_back(known->second);
    }

    [[noreturn]] void fail(const std::string &what) const
    {
        throw TraceError("line " + std::to_string(line_) + ": " + what);
    }

    Trace trace_;
    std::unordered_map<uint64_t, uint32_t> numbers_; // by what the file calls the page
    size_t line_ = 0;
};

} // namespace

Trace parse_trace(std::string_view text)
{
    return Parser().parse(text);
}

Trace read_trace(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text;
    std::vector<char> piece(1 << 20);
    if (!file) throw TraceError(strerror(errno));
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() != 0) {
        text.append(piece.data(), static_cast<size_t>(file.gcount()));
        if (text.size() > MostBytes) throw TraceError("it is larger than 1 GiB");
    }
    if (file.bad()) throw TraceError("it cannot be read");
    return parse_trace(text);
}

} // namespace policies
