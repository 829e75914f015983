// The pages of one process: written, read again and changed, each byte of them known at all times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace exhibit {

class Pages {
public:
    // Called after each page: how many of how many are done.
    using Progress = std::function<void(std::size_t done, std::size_t of)>;

    // `whose`: no other process's contents are the same. Addresses only; ends the program with status 1 if
    // there are none.
    Pages(std::size_t count, std::uint64_t whose);

    std::size_t count() const { return versions_.size(); }
    // Pages looked at byte by byte so far, and those written.
    std::size_t checked() const { return checked_; }
    std::size_t written() const { return written_; }

    // Each of these stops, false, at a page with a byte that is not what was written there last.
    void write_all(const Progress &progress);
    bool check_all(const Progress &progress);
    // Some of them, `part`th of all, in an order that jumps about: checked, then written anew.
    bool change_some(std::size_t part, const Progress &progress);

private:
    std::uintptr_t page(std::size_t index) const;
    std::uint64_t seed(std::size_t index) const;
    bool check(std::size_t index);
    void write(std::size_t index);

    std::uintptr_t start_ = 0;
    std::uint64_t whose_;
    std::vector<std::uint8_t> versions_;
    std::size_t checked_ = 0, written_ = 0;
};

} // namespace exhibit
