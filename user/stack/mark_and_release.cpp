// Exhibit "stack", the part on allocation: a stack made by hand, its bytes drawn as they are.
#include "user/lib/address.hpp"
#include "user/lib/stack_allocator.hpp"
#include "user/lib/translation.hpp"
#include "user/stack/parts.hpp"

#include <cstring>

using namespace exhibit;

namespace text {
constexpr char by_hand[] =
    N_("A stack made by hand: allocate() moves its top | up, release() moves it back.\n");
constexpr char make_a[] = N_("  a = allocate(10)"), make_c[] = N_("  make(): b, to build c"),
               release[] = N_("  make() releases b"), make_d[] = N_("  d = allocate(14)");
constexpr char outlived[] = N_("Only the newest can be freed, so c goes with b, which lies below it. make()\n"
                               "returned c, at %#lx; d lies there now, from %#lx on, and c reads\n"
                               "\"%.8s\". What must outlive its frame needs another place: a heap.\n");
} // namespace text

namespace {

using Stack = StackAllocator<48>;

void draw(Block &output, const Stack &stack, const char *label)
{
    const int used = static_cast<int>(stack.mark()), free = static_cast<int>(stack.capacity()) - used;
    output.add("%s", translated(label));
    output.fill_to(28);
    output.add(Style::stack, "%.*s", used, stack.begin());
    output.add(Style::heading, "|");
    output.add(Style::faint, "%.*s\n", free, stack.begin() + used);
}

char *make_object(Stack &stack, std::size_t bytes, char letter)
{
    return static_cast<char *>(std::memset(stack.allocate(bytes), letter, bytes));
}

// Builds what its caller wants with the help of something older, and tidies up as a returning call does.
const char *make(Block &output, Stack &stack)
{
    const std::size_t mark = stack.mark();
    make_object(stack, 6, 'b');
    const char *wanted = make_object(stack, 8, 'c');
    draw(output, stack, text::make_c);
    stack.release(mark);
    return wanted;
}

} // namespace

void draw_mark_and_release(Block &output)
{
    static Stack stack;
    make_object(stack, stack.capacity(), '.');
    stack.release(0);
    output.add(text::by_hand);
    make_object(stack, 10, 'a');
    draw(output, stack, text::make_a);
    const char *c = make(output, stack);
    draw(output, stack, text::release);
    const char *d = make_object(stack, 14, 'd');
    draw(output, stack, text::make_d);
    output.add(text::outlived, address_of(c), address_of(d), c);
}
