// Keeping and showing figures. See figures.hpp.
#include "user/pool/figures.hpp"

#include "user/lib/number.hpp"
#include "user/lib/translation.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace exhibit {

namespace text {
constexpr char title[] = N_("\nThe same programs, the same machine:\n"), pool_column[] = N_("pool"),
               paging_column[] = N_("demand paging, swap");
constexpr char ended[] = N_("programs that ended with every byte right"), refused[] = N_("programs refused"),
               together[] = N_("programs at the same time, at most"),
               asked[] = N_("  tables of these together"), used[] = N_("memory that they had, at most seen"),
               unusable[] = N_("free, but in holes, when one was refused"), faults[] = N_("page faults"),
               out[] = N_("pages written to the disk"), in[] = N_("pages read from it");
} // namespace text

namespace {

constexpr std::size_t block_bytes = 512;

struct Row {
    const char *words;
    std::size_t Figures::*member;
    bool is_size;
};

constexpr Row rows[] = {
    {text::ended, &Figures::ended_right, false},
    {text::refused, &Figures::refused, false},
    {text::together, &Figures::together, false},
    {text::asked, &Figures::asked_kib, true},
    {text::used, &Figures::used_kib, true},
    {text::unusable, &Figures::unusable_kib, true},
    {text::faults, &Figures::faults, false},
    {text::out, &Figures::out, false},
    {text::in, &Figures::in, false},
};

// The disk, open; and what is on it. -1: there is none that is meant.
int open_disk(int how, char (&block)[block_bytes + 1])
{
    const char *path = std::getenv("POOL_FIGURES");
    const int disk = path ? open(path, how | O_CLOEXEC) : -1;
    if (disk < 0) return -1;
    std::memset(block, 0, sizeof block);
    if (read(disk, block, block_bytes) == static_cast<ssize_t>(block_bytes) &&
        std::strncmp(block, figures_title, sizeof figures_title - 1) == 0)
        return disk;
    close(disk);
    return -1;
}

void add_right(Block &block, std::size_t column, const char *words)
{
    block.fill_to(column - columns_of(words));
    block.add("%s", words);
}

} // namespace

void leave_figures(const Figures &pool)
{
    char block[block_bytes + 1];
    const int disk = open_disk(O_RDWR, block);
    if (disk < 0) return;
    std::memset(block, 0, sizeof block);
    std::size_t used = static_cast<std::size_t>(std::snprintf(block, block_bytes, "%s:", figures_title));
    for (const Row &row : rows)
        used += static_cast<std::size_t>(
            std::snprintf(block + used, block_bytes - used, " %zu", pool.*row.member));
    if (pwrite(disk, block, block_bytes, 0) != static_cast<ssize_t>(block_bytes)) std::perror("POOL_FIGURES");
    close(disk);
}

std::optional<Figures> find_figures()
{
    char block[block_bytes + 1];
    const int disk = open_disk(O_RDONLY, block);
    if (disk < 0) return {};
    close(disk);
    Figures pool;
    const char *at = block + sizeof figures_title - 1;
    if (*at++ != ':') return {};
    for (const Row &row : rows) {
        char *end;
        pool.*row.member = std::strtoull(at, &end, 10);
        if (end == at) return {};
        at = end;
    }
    return pool;
}

void draw_table(Block &block, const std::optional<Figures> &pool, const Figures &paging)
{
    constexpr std::size_t pool_end = 57, paging_end = 78;
    block.add(Style::heading, text::title);
    if (pool) add_right(block, pool_end, translated(text::pool_column));
    add_right(block, paging_end, translated(text::paging_column));
    block.add("\n");
    for (const Row &row : rows) {
        const auto value = [&](const Figures &figures) {
            const std::size_t number = figures.*row.member;
            if (row.member == &Figures::unusable_kib && figures.refused == 0) return NumberText{"-"};
            return row.is_size ? size_text(number * 1024) : grouped(number);
        };
        block.add("  %s", translated(row.words));
        if (pool) add_right(block, pool_end, value(*pool).text);
        add_right(block, paging_end, value(paging).text);
        block.add("\n");
    }
}

} // namespace exhibit
