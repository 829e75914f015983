// Exhibit "escape": an object that should outlive the call that made it, returned in three ways: as a copy,
// by the address of a local variable (which is wrong, and shown to be), and on the heap.
#include "user/escape/compiler.hpp"
#include "user/lib/address.hpp"
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/proc.hpp"
#include "user/lib/squares.hpp"
#include "user/lib/translation.hpp"

#include <algorithm>
#include <memory>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: escape [ints]    ints in the object that escapes, 1 to 4096 (default 16)");

constexpr char look[] = N_("escape: look at the zombie. Its call is over, but a pointer to it is left.\n\n");

constexpr char by_value[] = N_("Returned by value, the caller gets an object of its own:\n");
constexpr char copied[] = N_("  an int      %#lx in the call, copied to %#lx: %d\n");
constexpr char built_there[] =
    N_("  64 ints     %#lx in the call and for the caller: built in its frame\n\n");
constexpr char copied_too[] = N_("  64 ints     %#lx in the call, copied to %#lx\n\n");

constexpr char zombie[] = N_("Returned by address: a local array of %lu ints.\n");
constexpr char heap[] = N_("Returned by address: an array of %lu ints from new.\n");
constexpr char place[] = N_("  at %#lx, in %s");
constexpr char below[] = N_(", %ld bytes below its caller's variables");
constexpr char at_once[] = N_("  on return:"), later[] = N_("  after another call:");
constexpr char right[] = N_(" %lu of %lu right:");
constexpr char overwritten[] =
    N_("  Number %lu of them is now number %ld of the next call's own local array.\n\n");
constexpr char lucky[] = N_("  The next call happened to write elsewhere.\n\n");
constexpr char alive[] =
    N_("  No call ends its life, only delete does; main()'s unique_ptr sees to that.\n\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t most_ints = 4096;
int at_once[most_ints], later[most_ints]; // what was found; copies, because looking takes calls as well
std::uintptr_t inside, next_array;

[[gnu::noinline]] int return_copy()
{
    volatile int local = 42;
    inside = address_of(&local);
    return local;
}

struct Large {
    int numbers[64];
};

[[gnu::noinline]] Large return_large()
{
    Large local{};
    inside = address_of(&local);
    return local;
}

// Leaving through a volatile pointer, the address is nobody's that the compiler knows.
[[gnu::noinline]] volatile int *leave_zombie(std::size_t count)
{
    auto *local = static_cast<volatile int *>(__builtin_alloca(count * sizeof(int)));
    for (std::size_t index = 0; index < count; ++index) local[index] = static_cast<int>(index);
    volatile int *volatile hidden = local;
    return hidden;
}

[[gnu::noinline]] void next_call(std::size_t count)
{
    auto *local = static_cast<volatile int *>(__builtin_alloca(count * sizeof(int)));
    for (std::size_t index = 0; index < count; ++index) local[index] = 10000 + static_cast<int>(index);
    volatile int *volatile hidden = local;
    next_array = address_of(hidden);
}

[[gnu::noinline]] std::unique_ptr<int[]> leave_on_heap(std::size_t count)
{
    auto numbers = std::make_unique<int[]>(count);
    for (std::size_t index = 0; index < count; ++index) numbers[index] = static_cast<int>(index);
    return numbers;
}

// Inline: a call would be the next call.
[[gnu::always_inline]] inline void copy_ints(int *to, const volatile int *from, std::size_t count)
{
    for (std::size_t index = 0; index < count; ++index) to[index] = from[index];
}

[[gnu::always_inline]] inline void look_before_and_after(const volatile int *numbers, std::size_t count)
{
    copy_ints(at_once, numbers, count);
    next_call(count + 8);
    copy_ints(later, numbers, count);
}

// One square for an int, or for several where they are too many; then figures, and the first ints as found.
void tell_state(const char *when, const int *found, std::size_t count)
{
    constexpr std::size_t most_shown = 3, most_squares = 12;
    const auto right_among = [found](std::size_t begin, std::size_t end) {
        std::size_t right = 0;
        for (std::size_t at = begin; at < end; ++at) right += found[at] == static_cast<int>(at);
        return right;
    };
    output.add("%s", translated(when));
    output.fill_to(22);
    for (std::size_t at = 0, next; at < count; at = next) {
        next = std::min(count, at + (count + most_squares - 1) / most_squares);
        const std::size_t right = right_among(at, next);
        const char *square = right == next - at ? Squares::full() : Squares::some();
        output.add(right > 0 ? Style::normal : Style::alarm, "%s", right > 0 ? square : Squares::none());
    }
    output.add(text::right, right_among(0, count), count);
    for (std::size_t at = 0; at < std::min(count, most_shown); ++at) output.add(" %d", found[at]);
    output.add(count > most_shown ? " ...\n" : "\n");
}

void tell_place(std::uintptr_t address)
{
    const std::vector<Area> areas = read_maps();
    const auto area = std::ranges::find_if(areas, [=](const Area &area) { return area.holds(address); });
    output.add(text::place, address, area->name.c_str());
}

void return_by_value()
{
    output.add(Style::heading, text::by_value);
    const int number = return_copy();
    output.add(text::copied, inside, address_of(&number), number);
    const Large large = return_large();
    if (inside == address_of(&large))
        output.add(text::built_there, inside);
    else
        output.add(text::copied_too, inside, address_of(&large));
}

void return_address(std::size_t count)
{
    volatile int mine = 0;
    const volatile int *zombie = leave_zombie(count);
    look_before_and_after(zombie, count);
    output.add(Style::heading, text::zombie, count);
    tell_place(address_of(zombie));
    output.add(text::below, address_of(&mine) - address_of(zombie));
    output.add("\n");
    tell_state(text::at_once, at_once, count);
    tell_state(text::later, later, count);
    const auto changed = static_cast<std::size_t>(std::ranges::mismatch(at_once, later).in1 - at_once);
    const std::uintptr_t address = address_of(zombie + changed);
    if (changed < count)
        output.add(text::overwritten, changed, (address - next_array) / sizeof(int));
    else
        output.add(text::lucky);
}

void return_from_heap(std::size_t count)
{
    const std::unique_ptr<int[]> numbers = leave_on_heap(count);
    look_before_and_after(numbers.get(), count);
    output.add(Style::heading, text::heap, count);
    tell_place(address_of(numbers.get()));
    output.add("\n");
    tell_state(text::at_once, at_once, count);
    tell_state(text::later, later, count);
    output.add(text::alive);
}

} // namespace

int main(int argc, char **argv)
{
    const std::size_t count = number_argument(argc, argv, 1, 16, 1, most_ints, text::usage);
    output.add(Style::heading, text::look);
    return_by_value();
    return_address(count);
    return_from_heap(count);
    quote_compiler(output);
    output.write();
}
