// Names that say something. See talk.hpp.
#include "user/pool/talk.hpp"

#include "user/lib/processes.hpp"

#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace exhibit {

namespace {

constexpr char clerk_name[] = "pool";

void bear_name(const std::string &name)
{
    prctl(PR_SET_NAME, name.c_str());
}

} // namespace

std::string file_name(std::string_view path)
{
    return std::string(path.substr(path.rfind('/') + 1));
}

pid_t find_clerk()
{
    for (const pid_t pid : processes())
        if (file_name(program_of(pid)) == clerk_name) return pid;
    return 0;
}

void say(const std::string &own_name, const char *word)
{
    bear_name(own_name + ":" + word);
}

void fall_silent(const std::string &own_name)
{
    bear_name(own_name);
}

void hear(pid_t clerk, const char *word, const std::string &own_name)
{
    const std::string awaited = std::string(word) + ":" + own_name;
    for (std::string heard; (heard = name_of(clerk)) != awaited; sched_yield())
        if (heard.empty()) _exit(1);
}

void tell(const char *word, const std::string &name)
{
    bear_name(std::string(word) + ":" + name);
}

std::vector<Tenant> tenants()
{
    std::vector<Tenant> found;
    for (const pid_t pid : processes()) {
        const std::string program = program_of(pid), name = name_of(pid);
        if (pid == getpid() || program.empty() || name.empty()) continue;
        const std::size_t colon = name.find(':');
        found.push_back({pid, file_name(program), colon == std::string::npos ? "" : name.substr(colon + 1)});
    }
    return found;
}

} // namespace exhibit
