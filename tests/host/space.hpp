// What the tests of address spaces share: a program that makes accesses as user mode does, files, and an
// audit of everything at once.
#pragma once

#include "mm/address_space.hpp"
#include "tests/host/test.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace host {

using mm::Access;
using mm::AddressSpace;
using mm::Advice;
using mm::AreaFlags;
using mm::Errno;
using mm::Fault;
using mm::FaultResult;
using mm::FrameKind;
using mm::MapRequest;
using mm::MemoryObject;
using mm::PageSize;
using mm::PhysAddr;
using mm::ProtectExtent;
using mm::Protection;
using mm::RemapRequest;
using mm::Result;
using mm::VirtAddr;
using mm::VirtRange;
using mm::VmArea;

inline constexpr uint64_t KiB = 1024, MiB = 1024 * KiB, GiB = 1024 * MiB;
inline constexpr Protection NoAccess{}, ReadOnly{.read = true}, ReadWrite{.read = true, .write = true},
    ReadExecute{.read = true, .execute = true}, All{.read = true, .write = true, .execute = true};

// A file whose byte at `offset` is a function of the offset, so that every page is another one.
class TestFile final : public mm::PageSource {
public:
    explicit TestFile(uint64_t size, uint8_t seed = 1) : size_(size), seed_(seed) {}

    uint8_t byte(uint64_t offset) const
    {
        return offset < size_ ? static_cast<uint8_t>(seed_ + 7 * (offset / PageSize) + offset) : 0;
    }
    Result<void> read_page(uint64_t index, PhysAddr frame) override
    {
        if (fails) return Errno::InputOutput;
        auto *bytes = static_cast<uint8_t *>(mm::machine::window(frame));
        for (uint64_t i = 0; i < PageSize; i++) bytes[i] = byte(index * PageSize + i);
        return {};
    }
    uint64_t size() const override { return size_; }

    bool fails = false;

private:
    uint64_t size_;
    uint8_t seed_;
};

// One program: an address space, running on a processor of its own.
class Program {
public:
    explicit Program(unsigned processor = 0);
    // Takes over the reference of a space that is there already.
    Program(AddressSpace &space, unsigned processor);
    ~Program();
    Program(const Program &) = delete;
    Program &operator=(const Program &) = delete;

    AddressSpace &space() { return *space_; }
    AddressSpace *operator->() { return space_; }

    // Accesses of user mode, with the faults they take. Resolved also when there was no fault. Afterwards
    // last_byte is what was read.
    FaultResult access(VirtAddr address, Access access, uint8_t value = 0);
    FaultResult read(VirtAddr address) { return access(address, Access::Read); }
    FaultResult write(VirtAddr address, uint8_t value) { return access(address, Access::Write, value); }
    FaultResult execute(VirtAddr address) { return access(address, Access::Execute); }
    // The byte at `address`, which must be readable.
    uint8_t byte(VirtAddr address);
    // Writes to the first byte of each page.
    void touch(VirtAddr address, uint64_t pages, uint8_t value = 1);

    // Maps private anonymous memory at `at`, or anywhere; fails the test when that does not work.
    VirtAddr map(uint64_t pages, Protection protection = ReadWrite, AreaFlags flags = {});
    VirtAddr map_at(VirtAddr at, uint64_t pages, Protection protection = ReadWrite, AreaFlags flags = {});
    VirtAddr map_file(MemoryObject &file, uint64_t offset, uint64_t pages, Protection protection,
                      AreaFlags flags = {});

    // The areas as text, relative to `base` in pages: "0-2 rw-p 5-6 r--s".
    std::string areas(VirtAddr base) const;
    // One character a page: 'x' resident (as mincore(2) says), '.' not, '?' not mapped.
    std::string residents(VirtAddr base, uint64_t pages) const;
    uint64_t minor_faults() const { return space_->counts().minor_faults; }
    unsigned processor() const { return processor_; }

    uint8_t last_byte = 0;
    // Faults of the last access.
    unsigned faults = 0;

private:
    AddressSpace *space_;
    unsigned processor_;
};

// Audits each space, the machine, and every frame: it has as many references as entries in `spaces`, page
// maps of objects and the swap cache hold it; every slot has as many users; and the page tables are as many
// as the spaces say. Nobody may be in the middle of something. Failures are exceptions.
void audit_all(std::span<AddressSpace *const> spaces);

class SpaceTest : public MachineTest {
protected:
    void TearDown() override;
    // The last program is gone; what a test needs besides goes now.
    virtual void after_programs() {}
    // Everything that exists, audited now.
    void audit();
    // A program that lives as long as the test, on the next processor.
    Program &program();
    // The same, with a fork of the parent's space. Failing to get one is a failure of the test.
    Program &fork(Program &parent);
    // The same with a space that is there already, whose reference is taken over.
    Program &adopt(AddressSpace &space);
    // One that fork() made ends now.
    void end(Program &program);

    // An object that lives as long as the test.
    MemoryObject &file_object(TestFile &file);

private:
    // What an object has as its source: a test's file may be gone before the programs that map it.
    class Source final : public mm::PageSource {
    public:
        explicit Source(TestFile &file) : file_(file) {}
        Result<void> read_page(uint64_t index, PhysAddr frame) override
        {
            return file_.read_page(index, frame);
        }
        uint64_t size() const override { return file_.size(); }

    private:
        TestFile &file_;
    };

    unsigned free_processor() const;

    std::vector<std::unique_ptr<Program>> programs_;
    std::vector<std::unique_ptr<Source>> sources_;
    std::vector<MemoryObject *> objects_;
};

// Runs `action`, which returns a Result, with its 1st allocation failing, then with its 2nd and so on, until
// it succeeds. `check` is called after each failure. Returns how many allocations it made, in the end. A page
// fault tries again when one allocation fails and there is memory: `failures` AllFail is what it cannot get
// round.
template <typename Action, typename Check>
unsigned fail_each_allocation(Action &&action, Check &&check, uint64_t failures = 1)
{
    for (unsigned allocations = 0; allocations < 1000; allocations++) {
        mm::frames().fail_allocations(allocations, failures);
        bool ok = action().ok();
        mm::frames().fail_allocations(0, 0);
        if (ok) return allocations;
        check();
        if (::testing::Test::HasFailure()) return allocations;
    }
    ADD_FAILURE() << "it fails without an injected failure";
    return 0;
}

} // namespace host
