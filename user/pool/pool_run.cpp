// The run in the pool. See clerk.hpp.
#include "user/lib/number.hpp"
#include "user/lib/processes.hpp"
#include "user/lib/translation.hpp"
#include "user/pool/clerk.hpp"
#include "user/pool/drawing.hpp"
#include "user/pool/office.hpp"
#include "user/pool/pool_file.hpp"

#include <algorithm>
#include <unistd.h>

namespace exhibit {

namespace text {
constexpr char begin[] = N_("The pool has %s. Each program gets one piece of it, with all it ever has:\n"
                            "image, heap and stack. Holes are chosen by %s fit. The figures are MiB:\n");
constexpr char first[] = N_("first"), best[] = N_("best"), worst[] = N_("worst");
constexpr char left[] = N_("\n%zu. %s leaves; every byte of its table was right."),
               comes[] = N_(" %s comes."), nobody_comes[] = N_(" Nobody comes.");
constexpr char refused[] = N_("Refused: %s. The last one wanted %s in one piece.\n");
constexpr char hole[] = N_("%s are free, all in one hole.\n"),
               holes[] = N_("%s are free, but in %zu holes; the largest has %s.\n");
constexpr char more_than_enough[] = N_("Together the holes would have been large enough for it.\n");
constexpr char close[] = N_("\nThe rest leaves, one after the other.\n");
constexpr char came_then[] = N_("%s leaves, and %s comes.\n");
constexpr char end[] = N_("\n%zu programs have ended with every byte right, and %zu were refused.\n");
} // namespace text

namespace {

class PoolRun {
public:
    explicit PoolRun(const Plan &plan) : plan_(plan), office_(plan) {}

    void begin();
    void step(std::size_t number, const std::string &name);
    void close();

private:
    bool is_settled();
    void settle();
    std::vector<std::string> taken_from_queue(bool (PoolRun::*which)(const std::string &) const) const;
    bool has_come(const std::string &name) const { return std::ranges::find(came_, name) != came_.end(); }
    bool is_missing(const std::string &name) const { return !has_come(name); }
    void tell_refused();

    const Plan &plan_;
    Office office_;
    PoolState before_, now_;
    std::vector<std::string> came_; // all that ever were there
};

std::string listed(const std::vector<std::string> &names)
{
    std::string list;
    for (const std::string &name : names) list += (list.empty() ? "" : ", ") + name;
    return list;
}

const char *name_of_fit(const std::string &fit)
{
    return translated(fit == "best" ? text::best : fit == "worst" ? text::worst : text::first);
}

// Every end has been answered by the queue, what ended has given its piece back, and who came has filled its
// table.
bool PoolRun::is_settled()
{
    now_ = *read_pool();
    if (now_.started < office_.ends && now_.waiting > 0) return false;
    if (!office_.all_have_filled()) return false;
    const std::vector<Tenant> there = tenants();
    for (const Tenant &tenant : there)
        if (!has_come(tenant.name)) came_.push_back(tenant.name);
    if (came_.size() + now_.refused < plan_.together.size()) return false;
    return std::ranges::all_of(now_.extents, [&](const Extent &extent) {
        return extent.is_hole() || extent.pid == getpid() ||
               std::ranges::find(there, extent.pid, &Tenant::pid) != there.end();
    });
}

void PoolRun::settle()
{
    before_ = now_;
    // Once more when it is: what has been read before the last of them was there is old.
    office_.wait_until([&] { return is_settled() && is_settled(); });
    std::size_t own_kib = 0;
    for (const Extent &extent : now_.extents)
        if (extent.pid == getpid()) own_kib = extent.kib;
    office_.figures.used_kib = std::max(office_.figures.used_kib, now_.kib - now_.free_kib - own_kib);
    office_.figures.refused = now_.refused;
    if (now_.refused > before_.refused)
        office_.figures.unusable_kib = std::max(office_.figures.unusable_kib, now_.free_kib);
}

// Of those that the queue has given up since the last step, the ones for which it is so.
std::vector<std::string> PoolRun::taken_from_queue(bool (PoolRun::*which)(const std::string &) const) const
{
    std::vector<std::string> names;
    const std::size_t all = plan_.queue.size();
    for (std::size_t index = all - before_.waiting; index < all - now_.waiting; ++index)
        if ((this->*which)(plan_.queue[index].name)) names.push_back(plan_.queue[index].name);
    return names;
}

void PoolRun::tell_refused()
{
    Block &output = office_.output;
    if (now_.refused == before_.refused) return;
    output.add(Style::alarm, text::refused, listed(taken_from_queue(&PoolRun::is_missing)).c_str(),
               size_text(now_.refused_kib * 1024).text);
    if (now_.holes == 1)
        output.add(Style::alarm, text::hole, size_text(now_.free_kib * 1024).text);
    else
        output.add(Style::alarm, text::holes, size_text(now_.free_kib * 1024).text, now_.holes,
                   size_text(now_.largest_kib * 1024).text);
    if (now_.refused_kib <= now_.free_kib) output.add(Style::alarm, text::more_than_enough);
}

void PoolRun::begin()
{
    now_.waiting = plan_.queue.size();
    settle();
    office_.output.add(text::begin, size_text(now_.kib * 1024).text, name_of_fit(now_.fit));
    draw_pool(office_.output, now_);
    office_.output.write();
}

void PoolRun::step(std::size_t number, const std::string &name)
{
    if (!office_.check(name)) return; // it was refused
    office_.let_go(name);
    settle();
    Block &output = office_.output;
    const std::string come = listed(taken_from_queue(&PoolRun::has_come));
    output.add(text::left, number, name.c_str());
    if (come.empty())
        output.add(text::nobody_comes);
    else
        output.add(text::comes, come.c_str());
    output.add("\n");
    tell_refused();
    draw_pool(output, now_);
    output.write();
}

void PoolRun::close()
{
    Block &output = office_.output;
    output.add(text::close);
    for (std::vector<Tenant> there; !(there = tenants()).empty();) {
        const std::string name = there.front().name;
        office_.check(name);
        office_.let_go(name);
        settle();
        if (const std::string come = listed(taken_from_queue(&PoolRun::has_come)); !come.empty())
            output.add(text::came_then, name.c_str(), come.c_str());
        tell_refused();
    }
    Figures &figures = office_.figures;
    figures.faults = vmstat_count("pgfault");
    output.add(text::end, figures.ended_right, figures.refused);
    output.write();
    leave_figures(figures);
}

} // namespace

void watch_pool(const Plan &plan)
{
    PoolRun run(plan);
    run.begin();
    for (std::size_t index = 0; index < plan.leave.size(); ++index) run.step(index + 1, plan.leave[index]);
    run.close();
}

} // namespace exhibit
