// What a recorder must have noted: the rule of mm/reference_recorder.hpp applied to the exact reference
// string, which a test knows because it makes every access itself.
#pragma once

#include "mm/reference_recorder.hpp"
#include "tests/host/machine.hpp"

#include <deque>
#include <map>
#include <string>

namespace host {

class ReferenceOracle {
public:
    explicit ReferenceOracle(unsigned pages) : pages_(pages) {}

    // The program has used the page.
    void access(mm::VirtAddr page, bool write)
    {
        if (interval_.size() == pages_ && !interval_.contains(page.page())) interval_.clear();
        if (interval_.empty()) expected_.push_back(mm::ReferenceRecord::time(0));
        auto [place, is_new] = interval_.try_emplace(page.page(), false);
        if (!is_new && (!write || place->second)) return;
        place->second = write;
        expected_.push_back(mm::ReferenceRecord::reference(page, write));
    }

    // Takes what was recorded since the last time and compares. A difference is a Failure.
    void compare(mm::ReferenceRecorder &recorder)
    {
        mm::ReferenceRecord records[64];
        while (size_t count = recorder.take(records)) {
            for (const mm::ReferenceRecord &record : std::span(records, count)) compare(record);
        }
        if (!expected_.empty()) throw Failure("not recorded: " + text(expected_.front()));
    }
    uint64_t compared() const { return compared_; }

private:
    using Kind = mm::ReferenceRecord::Kind;

    static std::string text(const mm::ReferenceRecord &record)
    {
        if (record.kind() == Kind::Time) return "the beginning of an interval";
        return "page " + std::to_string(record.page().page()) + (record.is_write() ? " written" : " read");
    }

    void compare(const mm::ReferenceRecord &record)
    {
        if (expected_.empty()) throw Failure("recorded, but not used: " + text(record));
        const mm::ReferenceRecord expected = expected_.front();
        expected_.pop_front();
        bool is_right = record.kind() == Kind::Time ? expected.kind() == Kind::Time : record == expected;
        if (!is_right) throw Failure("recorded: " + text(record) + ", used: " + text(expected));
        if (record.kind() != Kind::Time) return void(compared_++);
        if (record.value() < last_time_) throw Failure("the recorder's time goes backwards");
        last_time_ = record.value();
    }

    unsigned pages_;
    std::map<uint64_t, bool> interval_; // page number -> written
    std::deque<mm::ReferenceRecord> expected_;
    uint64_t compared_ = 0, last_time_ = 0;
};

} // namespace host
