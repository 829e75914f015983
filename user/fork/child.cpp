// Orders and answers through two pipes. See child.hpp.
#include "user/fork/child.hpp"

#include "user/lib/page_faults.hpp"
#include "user/lib/pattern.hpp"
#include "user/lib/translation.hpp"

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

namespace exhibit {

namespace text {
constexpr char failed[] = N_("fork: %s: %s\n");
} // namespace text

namespace {

[[noreturn]] void give_up(const char *call)
{
    std::fprintf(stderr, translated(text::failed), call, std::strerror(errno));
    std::exit(1);
}

} // namespace

void PageRange::write(std::uint64_t seed) const
{
    for (std::size_t page = 0; page < pages; ++page) fill_page(start + page * page_size, seed + page);
}

bool PageRange::holds(std::uint64_t seed) const
{
    bool right = true;
    for (std::size_t page = 0; page < pages; ++page)
        right &= page_holds(start + page * page_size, seed + page);
    return right;
}

Child::Answer write_here(PageRange range, std::uint64_t seed)
{
    const std::size_t before = page_faults();
    range.write(seed);
    return {page_faults() - before, true};
}

Child::Child()
{
    if (pipe(orders_) != 0 || pipe(answers_) != 0) give_up("pipe");
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    pid_ = fork();
    if (pid_ < 0) give_up("fork");
    if (pid_ == 0) obey();
    microseconds_ = std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
    close(orders_[0]);
    close(answers_[1]);
}

void Child::obey() const
{
    close(orders_[1]);
    close(answers_[0]);
    Order order;
    while (read(orders_[0], &order, sizeof order) == sizeof order) {
        Answer answer;
        if (order.what == Order::What::write) {
            answer = write_here(order.range, order.seed);
        } else {
            const std::size_t before = page_faults();
            answer.right = order.range.holds(order.seed);
            answer.faults = page_faults() - before;
        }
        if (::write(answers_[1], &answer, sizeof answer) != sizeof answer) break;
    }
    _exit(0); // without a word: what is in the parent's buffers is the parent's to say
}

Child::Answer Child::ask(const Order &order) const
{
    Answer answer;
    if (::write(orders_[1], &order, sizeof order) != sizeof order) return {};
    if (read(answers_[0], &answer, sizeof answer) != sizeof answer) return {};
    return answer;
}

Child::Answer Child::check(PageRange range, std::uint64_t seed)
{
    return ask({Order::What::check, range, seed});
}

Child::Answer Child::write(PageRange range, std::uint64_t seed)
{
    return ask({Order::What::write, range, seed});
}

void Child::end()
{
    if (pid_ == 0) return;
    close(orders_[1]); // the end of its orders
    close(answers_[0]);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

} // namespace exhibit
