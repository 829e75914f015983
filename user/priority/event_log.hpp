// The kernel's event log about memory, /proc/memory_events, as it grows.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace exhibit {

struct MemoryEvent {
    std::size_t sequence = 0;
    std::string what; // "WaitsForMemory", "GotMemory", "PagesIn", ...
    int id = 0;       // the process
    std::size_t number = 0;
    std::string line; // all of it
};

class EventLog {
public:
    // At its end as it is now; ends the program with status 1 if it cannot be read.
    EventLog();
    EventLog(const EventLog &) = delete;
    EventLog &operator=(const EventLog &) = delete;

    // Only Vitrine has it.
    static bool is_there();

    // Each event since the last call, in their order.
    void follow(const std::function<void(const MemoryEvent &)> &each);

private:
    int file_;
    std::string rest_; // the beginning of a line
};

} // namespace exhibit
