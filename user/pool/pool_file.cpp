// Reading /proc/pool. See pool_file.hpp.
#include "user/pool/pool_file.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sstream>
#include <unistd.h>

namespace exhibit {

namespace {

std::optional<std::string> content()
{
    const int file = open("/proc/pool", O_RDONLY | O_CLOEXEC);
    if (file < 0) return {};
    std::string content;
    char piece[4096];
    for (ssize_t count; (count = read(file, piece, sizeof piece)) > 0;)
        content.append(piece, static_cast<std::size_t>(count));
    close(file);
    return content;
}

Extent parse_extent(const std::string &line)
{
    Extent extent;
    char name[32] = "";
    std::sscanf(line.c_str(), "%lx-%lx %zu %d %31s", &extent.begin, &extent.end, &extent.kib, &extent.pid,
                name);
    // Names change with what they say (talk.hpp). A tenant's begins with who it is; ours does not.
    extent.name = extent.pid == getpid() ? "pool" : name;
    extent.name.resize(std::min(extent.name.size(), extent.name.find(':')));
    return extent;
}

} // namespace

std::optional<PoolState> read_pool()
{
    const auto text = content();
    if (!text) return {};
    PoolState pool;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        char word[32] = "";
        if (std::sscanf(line.c_str(), "pool fit=%31s kib=%zu free=%zu holes=%zu largest=%zu", word, &pool.kib,
                        &pool.free_kib, &pool.holes, &pool.largest_kib) >= 1)
            pool.fit = word;
        else if (std::sscanf(line.c_str(), "refused count=%zu kib=%zu name=%31s", &pool.refused,
                             &pool.refused_kib, word) >= 1)
            pool.refused_name = word;
        else if (std::sscanf(line.c_str(), "queue waiting=%zu started=%zu", &pool.waiting, &pool.started) < 1)
            pool.extents.push_back(parse_extent(line));
    }
    return pool;
}

} // namespace exhibit
