// Exhibit "pool": the old way. Each program gets one contiguous piece of memory or is refused, and soon there
// are holes that together would hold what no one of them holds. Then the same programs under demand paging.
//
// This is the clerk, who watches /proc/pool and tells the tenants (user/tenant.cpp) when to leave.
// user/pool/run starts all of it, twice.
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"
#include "user/pool/clerk.hpp"
#include "user/pool/pool_file.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: pool [NAME:MIB... / NAME:MIB... / NAME...]\n"
       "  the programs that start together, those that wait in the queue, and who leaves, in\n"
       "  this order. Without them: what to type instead. make run EXHIBIT=pool starts all,\n"
       "  ARGS=best or ARGS=worst with another way to choose a hole.");
constexpr char look[] = N_("pool: look at the holes, and at who is refused although so much is free.\n\n");
constexpr char nothing[] =
    N_("It takes two machines, one with a pool of contiguous pieces and one that pages,\n"
       "and programs that come and go: make run EXHIBIT=pool\n");
constexpr char look_again[] =
    N_("pool: look at the same programs once more, under demand paging and with swap.\n");
} // namespace text

namespace {

[[noreturn]] void refuse_arguments()
{
    std::fprintf(stderr, "%s\n", translated(text::usage));
    std::exit(2);
}

bool is_name(std::string_view name)
{
    return !name.empty() && name.size() <= 9 &&
           std::ranges::all_of(name, [](char letter) { return letter >= 'a' && letter <= 'z'; });
}

Job parse_job(std::string_view text)
{
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::size_t mib = colon < text.size() ? std::strtoul(text.data() + colon + 1, nullptr, 10) : 0;
    if (!is_name(text.substr(0, colon)) || mib == 0) refuse_arguments();
    return {std::string(text.substr(0, colon)), mib};
}

Plan parse_plan(int argc, char **argv)
{
    Plan plan;
    int list = 0;
    for (int index = 1; index < argc; ++index) {
        const std::string_view word = argv[index];
        if (word == "/")
            ++list;
        else if (list == 2 && is_name(word))
            plan.leave.emplace_back(word);
        else if (list < 2)
            (list == 0 ? plan.together : plan.queue).push_back(parse_job(word));
        else
            refuse_arguments();
    }
    if (argc > 1 && list != 2) refuse_arguments();
    return plan;
}

} // namespace

int main(int argc, char **argv)
{
    const Plan plan = parse_plan(argc, argv);
    Block output;
    const bool has_pool = read_pool().has_value();
    output.add(Style::heading, has_pool || plan.together.empty() ? text::look : text::look_again);
    if (plan.together.empty()) {
        output.add(text::nothing);
        output.write();
        return 0;
    }
    output.write();
    if (has_pool)
        watch_pool(plan);
    else
        watch_paging(plan);
}
