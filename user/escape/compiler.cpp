// Exhibit "escape": mistakes, and what the compiler says of them. See compiler.hpp.
#include "user/escape/compiler.hpp"

#include "user/lib/translation.hpp"

using namespace exhibit;

namespace text {
constexpr char compiler[] = N_("What g++ -Wall says of it, where it can see it:\n");
// In GCC 12's words with LC_ALL=C; a test asks the compiler.
struct Mistake {
    const char *code, *warning, *option;
};
constexpr Mistake mistakes[] = {
    {"int *wrong() { int local = 42; return &local; }", "warning: address of local variable 'local' returned",
     "[-Wreturn-local-addr]"},
    {"int *kept; void keep() { int local = 42; kept = &local; }",
     "warning: storing the address of local variable 'local' in 'kept'", "[-Wdangling-pointer=]"},
};
constexpr char unseen[] =
    N_("g++ does not see every way out: this exhibit itself compiles without a warning.\n"
       "(Go's compiler finds that such a local escapes, and puts it on the heap, where\n"
       "it may live on: there, both functions are right.)\n");
} // namespace text

void quote_compiler(Block &output)
{
    output.add(Style::heading, text::compiler);
    for (const auto &[code, warning, option] : text::mistakes) {
        output.add("  %s\n", code);
        output.add(Style::alarm, "    %s\n", warning);
        output.add(Style::alarm, "    %s\n", option);
    }
    output.add(text::unseen);
}
