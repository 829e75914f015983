// A tenant of the exhibit "pool": it looks whether its memory is clean, fills it, and checks every byte when
// it is told to leave. The build makes several of it, of different sizes: see user/pool/jobs.txt.
//
// It talks with the clerk (user/pool.cpp) through names that both bear in /proc (comm): the tenant "maps"
// calls itself "maps:filled", the clerk "leave:maps", the tenant "maps:right", the clerk "bye:maps".
#include "user/lib/address.hpp"
#include "user/lib/pattern.hpp"
#include "user/lib/processes.hpp"
#include "user/pool/talk.hpp"

#include <cerrno>
#include <cstdio>
#include <string>
#include <unistd.h>

using namespace exhibit;

extern "C" const char __executable_start[]; // the linker's: where the image begins

namespace {

alignas(page_size) char table[std::size_t{TABLE_MIB} << 20];
constexpr std::size_t pages = sizeof table / page_size;

std::uintptr_t page(std::size_t index)
{
    return address_of(table) + index * page_size;
}

std::uint64_t seed(std::size_t index)
{
    return static_cast<std::uint64_t>(getpid()) << 32 | index;
}

bool is_clean(std::uintptr_t page)
{
    const auto *words = static_cast<const std::uint64_t *>(pointer_to(page));
    std::uint64_t bits = 0;
    for (std::size_t index = 0; index < words_per_page; ++index) bits |= words[index];
    return bits == 0;
}

bool all_clean()
{
    for (std::size_t index = 0; index < pages; ++index)
        if (!is_clean(page(index))) return false;
    return true;
}

bool all_right()
{
    for (std::size_t index = 0; index < pages; ++index)
        if (!page_holds(page(index), seed(index))) return false;
    return true;
}

} // namespace

int main()
{
    const std::string name = program_invocation_short_name;
    const pid_t clerk = find_clerk();
    if (clerk == 0) {
        std::fprintf(stderr, "%s: one of the programs of: make run EXHIBIT=pool\n", name.c_str());
        return 2;
    }
    if (!all_clean()) {
        say(name, word::dirty);
        hear(clerk, word::bye, name);
        return 1;
    }
    for (std::size_t index = 0; index < pages; ++index) fill_page(page(index), seed(index));
    if (name == snoop_name) {
        say(name, word::peeks);
        hear(clerk, word::peek, name);
        fall_silent(name);
        // Where another's last page may lie, and never one of ours.
        const volatile char *below = __executable_start - page_size;
        std::printf("%s: this should not have been possible: %d\n", name.c_str(), *below);
        return 1;
    }
    say(name, word::filled);
    hear(clerk, word::leave, name);
    const bool right = all_right();
    say(name, right ? word::right : word::wrong);
    hear(clerk, word::bye, name);
    return right ? 0 : 1;
}
