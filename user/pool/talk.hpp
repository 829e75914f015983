// What the clerk and the tenants of the exhibit "pool" say to one another, by the names they bear in /proc
// (comm): "WHO:WORD" of a tenant, "WORD:WHO" of the clerk. Nobody sleeps: who waits looks until it is there.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace exhibit {

// Short, for a name has 15 characters (prctl(2), PR_SET_NAME).
namespace word {
// A tenant's: its table is written; it is still what was written, or not; it was not all zeros at the start;
// it is ready to do what it must not.
inline constexpr char filled[] = "filled", right[] = "right", wrong[] = "wrong", dirty[] = "dirty",
                      peeks[] = "peeks";
// The clerk's: check your table; end; do it.
inline constexpr char leave[] = "leave", bye[] = "bye", peek[] = "peek";
} // namespace word

inline constexpr char snoop_name[] = "snoop"; // the tenant that peeks

// The last part of a path.
std::string file_name(std::string_view path);

// ---- A tenant's side.

// The process that runs the exhibit; 0: nobody does.
pid_t find_clerk();
void say(const std::string &own_name, const char *word);
void fall_silent(const std::string &own_name);
// Waits until the clerk says it to this one. Ends the program if the clerk has gone.
void hear(pid_t clerk, const char *word, const std::string &own_name);

// ---- The clerk's side.

void tell(const char *word, const std::string &name);

// A tenant as it shows itself.
struct Tenant {
    pid_t pid = 0;
    std::string name; // its program's
    std::string word; // what it has said last; empty: nothing yet
};
// Those that are there, in the order in which they came. (A program that ends while it is looked at is none.)
std::vector<Tenant> tenants();

} // namespace exhibit
