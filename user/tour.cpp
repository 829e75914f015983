// The tour's guide: a program that runs before each exhibit, says what comes and what to look at, and waits
// for a key where somebody sits at a terminal. user/tour.txt is the tour; `tools/vitrine iso --tour` makes it
// a list of programs that the kernel starts one after the other, the next only when this one asks for it with
// status 0.
#include "user/lib/block.hpp"
#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/sysinfo.h>
#include <termios.h>
#include <unistd.h>

using namespace exhibit;

namespace text {
constexpr char usage[] =
    N_("usage: tour begin EXHIBITS MIB             welcome; 3 on a machine with less memory\n"
       "       tour show NUMBER OF NAME SENTENCE   announce and wait; 1 if nobody wants it\n"
       "       tour end                            goodbye");
constexpr char too_small[] =
    N_("tour: %lu MiB of memory are here for programs; the tour needs a machine with %lu (MEMORY=%lu)\n");
constexpr char welcome[] = N_("This is Vitrine: %lu exhibits about memory, in a few minutes.\n");
constexpr char where_to_look[] = N_("Before each a sentence tells what to look at.\n");
constexpr char number[] = N_("%lu of %lu: %s");
constexpr char keys[] = N_("any key: go on   q: the end of the tour");
constexpr char stopped[] = N_("The tour ends here.\n");
constexpr char all[] = N_("Those were all.\n\n");
constexpr char again[] = N_("one of them, other numbers   make run EXHIBIT=brk ARGS=40\n"
                            "a program of your own        make run PROGRAM=./a.out ARGS=\"one two\"\n"
                            "the same, to be scripted     tools/vitrine run ./a.out one two\n");
} // namespace text

namespace {

Block output;
constexpr std::size_t width = 78;

// A machine has some more memory than there is for programs: the kernel's own, and the firmware's.
constexpr std::uint64_t others_mib = 8;

bool has_memory(std::uint64_t needed_mib)
{
    struct sysinfo info {};
    sysinfo(&info);
    const std::uint64_t mib = info.totalram * info.mem_unit >> 20;
    if (mib + others_mib >= needed_mib) return true;
    std::fprintf(stderr, translated(text::too_small), mib, needed_mib, needed_mib);
    return false;
}

// Whether somebody is there to press keys, and wants to.
bool waits()
{
    return isatty(0) == 1 && isatty(1) == 1 && !std::getenv("VITRINE_FAST");
}

// One key as it comes, without Enter (termios(3): neither ICANON nor ECHO). A key may send several bytes.
char read_key()
{
    termios before{};
    tcgetattr(0, &before);
    termios single_keys = before;
    single_keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(0, TCSADRAIN, &single_keys);
    char bytes[64] = "";
    const ssize_t count = read(0, bytes, sizeof bytes);
    tcsetattr(0, TCSADRAIN, &before);
    return count > 0 ? bytes[0] : 'q';
}

bool goes_on()
{
    if (!waits()) return true;
    output.add(Style::faint, "%s", translated(text::keys));
    output.write();
    const char key = read_key();
    const bool on = key != 'q' && key != 'Q' && key != 'D' - '@';
    output.add("%s", on_terminal() ? "\r\033[K" : "\n"); // ECMA-48 EL: the line is empty again
    if (!on) output.add(text::stopped);
    output.write();
    return on;
}

std::uint64_t number(int argc, char **argv, int index)
{
    return number_argument(argc, argv, index, 0, 1, 1'000'000, text::usage);
}

void announce(std::uint64_t which, std::uint64_t of, const char *name, const char *sentence)
{
    const char *edge = glyph("━", "=");
    output.add("\n");
    output.fill_to(3, edge);
    output.add(" ");
    output.add(Style::heading, text::number, which, of, name);
    output.add(" ");
    output.fill_to(width, edge);
    output.add("\n%s\n", translated(sentence));
    output.write();
}

} // namespace

int main(int argc, char **argv)
{
    const auto is = [&](const char *word, int words) {
        return argc == words && std::strcmp(argv[1], word) == 0;
    };
    if (is("begin", 4)) {
        if (!has_memory(number(argc, argv, 3))) return 3;
        output.add(Style::heading, text::welcome, number(argc, argv, 2));
        output.add(text::where_to_look);
    } else if (is("show", 6)) {
        announce(number(argc, argv, 2), number(argc, argv, 3), argv[4], argv[5]);
        return goes_on() ? 0 : 1;
    } else if (is("end", 2)) {
        output.add("\n");
        output.add(Style::heading, text::all);
        output.add(text::again);
    } else {
        std::fprintf(stderr, "%s\n", translated(text::usage));
        return 2;
    }
    output.write();
}
