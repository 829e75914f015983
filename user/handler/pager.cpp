// The handler. See pager.hpp.
#include "user/handler/pager.hpp"

#include "user/lib/address.hpp"
#include "user/lib/translation.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <ucontext.h>

namespace exhibit {

namespace text {
constexpr char failed[] = N_("handler: %s: %s\n");
} // namespace text

namespace {

Pager *the_pager;

[[noreturn]] void give_up(const char *call)
{
    std::fprintf(stderr, translated(text::failed), call, std::strerror(errno));
    std::exit(1);
}

std::uintptr_t map(int protection)
{
    void *mapped = mmap(nullptr, Pager::pages * page_size, protection,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) give_up("mmap");
    return address_of(mapped);
}

} // namespace

struct PagerSignal {
    static void handle(int, siginfo_t *information, void *context)
    {
        const int saved = errno;
        const auto &registers = static_cast<ucontext_t *>(context)->uc_mcontext.gregs;
        const std::uintptr_t address = address_of(information->si_addr);
        the_pager->told_ = {information->si_code, address, static_cast<std::uintptr_t>(registers[REG_RIP]),
                            static_cast<unsigned long>(registers[REG_ERR])};
        // Not one of ours: a mistake like any other. The instruction begins again, and this time it kills.
        if (!the_pager->bring(address)) std::signal(SIGSEGV, SIG_DFL);
        errno = saved;
    }
};

Pager::Pager(std::size_t frames)
    : start_(map(PROT_NONE)), store_(map(PROT_READ | PROT_WRITE)), frames_(frames)
{
    the_pager = this;
    struct sigaction action {};
    action.sa_sigaction = PagerSignal::handle;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGSEGV, &action, nullptr) != 0) give_up("sigaction");
}

std::uintptr_t Pager::page(std::size_t number) const
{
    return start_ + number * page_size;
}

bool Pager::bring(std::uintptr_t address)
{
    const std::size_t number = (address - start_) / page_size;
    if (address < start_ || number >= pages || in_memory_[number]) return false;
    counts_.signals++;
    if (used_ == frames_) {
        put_away(queue_[oldest_]);
        oldest_ = (oldest_ + 1) % pages;
        used_--;
    }
    if (mprotect(pointer_to(page(number)), page_size, PROT_READ | PROT_WRITE) != 0) return false;
    if (stored_[number]) {
        std::memcpy(pointer_to(page(number)), pointer_to(store_ + number * page_size), page_size);
        counts_.read++;
    }
    in_memory_[number] = true;
    queue_[(oldest_ + used_) % pages] = number;
    used_++;
    return true;
}

void Pager::put_away(std::size_t number)
{
    std::memcpy(pointer_to(store_ + number * page_size), pointer_to(page(number)), page_size);
    madvise(pointer_to(page(number)), page_size, MADV_DONTNEED); // its frame is free
    mprotect(pointer_to(page(number)), page_size, PROT_NONE);
    stored_[number] = true;
    in_memory_[number] = false;
    counts_.written++;
}

} // namespace exhibit
