// The run under demand paging. See clerk.hpp.
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"
#include "user/pool/clerk.hpp"
#include "user/pool/drawing.hpp"
#include "user/pool/office.hpp"

#include <algorithm>

namespace exhibit {

namespace text {
constexpr char all_there[] =
    N_("\nAll %zu are there, and nobody was asked whether there is room. Each has filled\n"
       "its table:\n");
constexpr char all_checked[] = N_("\nEach has read its table from one end to the other, all right:\n");
constexpr char end[] =
    N_("\nHere all of them ran, at the same time: a page needs no neighbour, and what has\n"
       "no room waits on the disk.\n");
constexpr char end_without_disk[] =
    N_("\nHere all of them ran, at the same time: a page needs no neighbour.\n");
} // namespace text

void watch_paging(const Plan &plan)
{
    Office office(plan);
    Block &output = office.output;
    const std::size_t programs = plan.together.size() + plan.queue.size();
    office.wait_until([&] { return office.all_have_filled() && tenants().size() + office.ends == programs; });

    const auto picture = [&](const std::vector<Tenant> &there) {
        office.figures.used_kib = std::max(office.figures.used_kib, draw_processes(output, there));
        output.write();
    };
    const std::vector<Tenant> there = tenants();
    output.add(text::all_there, there.size());
    picture(there);
    for (const Tenant &tenant : there) office.check(tenant.name);
    output.add(text::all_checked);
    picture(there);
    for (const Tenant &tenant : there) office.let_go(tenant.name);

    Figures &figures = office.figures;
    const PagesMoved moved = pages_moved();
    figures.faults = vmstat_count("pgfault");
    figures.in = moved.in;
    figures.out = moved.out;
    draw_table(output, find_figures(), figures);
    output.add(Style::heading, moved.out != 0 ? text::end : text::end_without_disk);
    output.write();
}

} // namespace exhibit
