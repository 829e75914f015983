// Exhibit "static", the parts that are killed: a write to a constant, a write to code, a jump into data.
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/translation.hpp"
#include "user/static/parts.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char look_constant[] =
    N_("static write-constant: look at how it ends. Who stops a write to a constant?\n\n");
constexpr char look_code[] = N_("static write-code: look at how it ends. May a program change itself?\n\n");
constexpr char look_data[] = N_("static run-data: look at how it ends. Are bytes of data instructions?\n\n");
constexpr char constant[] = N_("primes[0], a constant, is at %#lx and reads %d.\n");
constexpr char code[] = N_("twice(), a function, is at %#lx. twice(21) is %d, its first byte is %02x.\n");
constexpr char data[] = N_("come_back, a static array, is at %#lx. Its byte, %02x, is the instruction\n"
                           "ret: a call of it would do nothing but come back.\n");
constexpr char permissions[] = N_("/proc/self/maps says of its page: %s (r read, w write, x execute).\n\n");
constexpr char write_now[] =
    N_("The compiler would refuse the write; through a pointer it cannot know. The write\n"
       "comes now, and it is the last thing this program does.\n");
constexpr char call_now[] = N_("The call comes now, and it is the last thing this program does.\n");
constexpr char survived[] = N_("static: the processor did not stop this\n");
} // namespace text

namespace {

Block output;
const int primes[] = {2, 3, 5, 7};
unsigned char come_back[] = {0xc3};

[[gnu::noinline]] int twice(int number)
{
    return 2 * number;
}

void tell_permissions(std::uintptr_t address, const char *now)
{
    const std::vector<Area> areas = read_maps();
    const auto area = std::ranges::find_if(areas, [=](const Area &area) { return area.holds(address); });
    output.add(text::permissions, area->permissions.substr(0, 3).c_str());
    output.add(Style::alarm, "%s", translated(now));
    output.write();
}

[[noreturn]] void survive()
{
    std::fputs(translated(text::survived), stderr);
    std::exit(1);
}

[[noreturn]] void write_constant()
{
    const std::uintptr_t address = address_of(primes);
    output.add(Style::heading, text::look_constant);
    output.add(text::constant, address, primes[0]);
    tell_permissions(address, text::write_now);
    byte_at(address) = 4;
    survive();
}

[[noreturn]] void write_code()
{
    const std::uintptr_t address = address_of(reinterpret_cast<void *>(twice));
    output.add(Style::heading, text::look_code);
    output.add(text::code, address, twice(21), static_cast<unsigned char>(byte_at(address)));
    tell_permissions(address, text::write_now);
    byte_at(address) = static_cast<char>(come_back[0]);
    survive();
}

[[noreturn]] void run_data()
{
    output.add(Style::heading, text::look_data);
    output.add(text::data, address_of(come_back), come_back[0]);
    tell_permissions(address_of(come_back), text::call_now);
    reinterpret_cast<void (*)()>(come_back)();
    survive();
}

} // namespace

void do_what_is_forbidden(const char *deed)
{
    if (std::strcmp(deed, "write-constant") == 0) write_constant();
    if (std::strcmp(deed, "write-code") == 0) write_code();
    if (std::strcmp(deed, "run-data") == 0) run_data();
}
