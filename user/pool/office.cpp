// Waiting for tenants. See office.hpp.
#include "user/pool/office.hpp"

#include "user/lib/translation.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace exhibit {

namespace text {
constexpr char lost[] = N_("One of the programs did not come on.\n");
constexpr char wrong[] = N_("%s: a byte of its table is NOT what was written to it.\n");
constexpr char dirty[] = N_("%s: its memory was NOT all zeros when it came.\n");
constexpr char peeks[] = N_("\n%s has come. It will read what lies before its memory, where another\n"
                            "program's last page may be, and is to be killed for that.\n");
} // namespace text

namespace {

const Tenant *find(const std::vector<Tenant> &there, const std::string &name)
{
    const auto found = std::ranges::find(there, name, &Tenant::name);
    return found != there.end() ? &*found : nullptr;
}

} // namespace

void Office::give_up()
{
    output.add(Style::alarm, text::lost);
    output.write();
    std::exit(1);
}

void Office::alarm(const char *what, const std::string &name)
{
    output.add(Style::alarm, what, name.c_str());
    output.write();
    std::exit(1);
}

std::size_t Office::table_mib(const std::string &name) const
{
    for (const auto *list : {&plan_.together, &plan_.queue})
        if (const auto job = std::ranges::find(*list, name, &Job::name); job != list->end()) return job->mib;
    return 0;
}

void Office::note_tenants(const std::vector<Tenant> &there)
{
    std::size_t mib = 0;
    for (const Tenant &tenant : there) mib += table_mib(tenant.name);
    // Both are of one moment.
    if (std::pair(there.size(), mib * 1024) > std::pair(figures.together, figures.asked_kib)) {
        figures.together = there.size();
        figures.asked_kib = mib * 1024;
    }
}

bool Office::all_have_filled()
{
    const std::vector<Tenant> there = tenants();
    for (const Tenant &tenant : there) {
        if (tenant.word == word::dirty) alarm(text::dirty, tenant.name);
        if (tenant.word != word::peeks) continue;
        note_tenants(there);
        watch_peek(tenant);
        return false;
    }
    if (!std::ranges::all_of(there, [](const Tenant &tenant) { return !tenant.word.empty(); })) return false;
    note_tenants(there);
    return true;
}

void Office::watch_peek(const Tenant &tenant)
{
    output.add(text::peeks, tenant.name.c_str());
    output.write();
    tell(word::peek, tenant.name);
    wait_until([&] { return find(tenants(), tenant.name) == nullptr; });
    ++ends;
}

bool Office::check(const std::string &name)
{
    if (!find(tenants(), name)) return false;
    tell(word::leave, name);
    std::string said;
    wait_until([&] {
        const std::vector<Tenant> there = tenants();
        const Tenant *tenant = find(there, name);
        if (!tenant) give_up();
        said = tenant->word;
        return said == word::right || said == word::wrong;
    });
    if (said == word::wrong) alarm(text::wrong, name);
    ++figures.ended_right;
    return true;
}

void Office::let_go(const std::string &name)
{
    tell(word::bye, name);
    wait_until([&] { return find(tenants(), name) == nullptr; });
    ++ends;
}

} // namespace exhibit
