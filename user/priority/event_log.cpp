// Reading the event log. See event_log.hpp.
#include "user/priority/event_log.hpp"

#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace exhibit {

namespace {

constexpr char path[] = "/proc/memory_events";

bool parse(std::string line, MemoryEvent &event)
{
    char what[32];
    if (std::sscanf(line.c_str(), "%zu %31s id=%d number=%zu", &event.sequence, what, &event.id,
                    &event.number) != 4)
        return false;
    event.what = what;
    event.line = std::move(line);
    return true;
}

} // namespace

bool EventLog::is_there()
{
    return access(path, R_OK) == 0;
}

EventLog::EventLog() : file_(open(path, O_RDONLY | O_CLOEXEC))
{
    follow([](const MemoryEvent &) {});
}

void EventLog::follow(const std::function<void(const MemoryEvent &)> &each)
{
    char piece[8192];
    ssize_t count;
    while ((count = read(file_, piece, sizeof piece)) > 0) {
        rest_.append(piece, static_cast<std::size_t>(count));
        std::size_t begin = 0;
        for (std::size_t end; (end = rest_.find('\n', begin)) != std::string::npos; begin = end + 1) {
            MemoryEvent event;
            if (!parse(rest_.substr(begin, end - begin), event)) continue;
            each(event);
        }
        rest_.erase(0, begin);
    }
    if (count == 0) return;
    std::perror(path);
    std::exit(1);
}

} // namespace exhibit
