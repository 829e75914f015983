// Exhibit "stack", the part that is killed: calls until the stack may not grow.
#include "user/lib/address.hpp"
#include "user/lib/calls.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"
#include "user/stack/parts.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>

using namespace exhibit;

namespace text {
constexpr char look[] = N_("stack limit: look at how it ends. Each call needs a page more.\n\n");
constexpr char bounds[] = N_("The stack begins at %#lx and may have %s (RLIMIT_STACK), so its\n"
                             "lowest byte can be %#lx. Nobody counts the calls; they go on until a\n"
                             "page is missing and the kernel finds that it would be one too many.\n\n");
constexpr char on_the_way[] = N_("call %4lu   frame at %#lx   %5lu KiB down\n");
constexpr char failed[] = N_("stack limit: this limit cannot be set\n");
} // namespace text

namespace {

Block output;
std::uintptr_t stack_end;
std::size_t calls_done, calls_each;

// Has been called from the innermost of so many calls, and lets as many follow. No call ever returns.
void report_and_go_on()
{
    calls_done += calls_each;
    const std::uintptr_t frame = calls[calls_each - 1].frame;
    output.add(text::on_the_way, calls_done, frame, (stack_end - frame) / 1024);
    output.write();
    recurse(0, calls_each, page_size, report_and_go_on);
}

} // namespace

void meet_stack_limit(int argc, char **argv, const char *usage)
{
    constexpr std::size_t least = 256 * 1024, most = 8192 * 1024;
    rlimit limit{};
    getrlimit(RLIMIT_STACK, &limit);
    const std::size_t present = std::clamp<std::size_t>(limit.rlim_cur, least, most);
    const std::size_t bytes =
        number_argument(argc, argv, 2, present / 1024, least / 1024, most / 1024, usage) * 1024;
    limit.rlim_cur = bytes;
    if (setrlimit(RLIMIT_STACK, &limit) != 0) {
        std::fputs(translated(text::failed), stderr);
        std::exit(1);
    }
    const std::vector<Area> areas = read_maps();
    stack_end = std::ranges::find(areas, "[stack]", &Area::name)->end;
    calls_each = bytes / page_size / 8;
    output.add(Style::heading, text::look);
    output.add(text::bounds, stack_end, size_text(bytes).text, stack_end - bytes);
    output.write();
    recurse(0, calls_each, page_size, report_and_go_on);
    std::abort(); // not reached
}
