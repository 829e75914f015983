// What all host tests share: a fresh machine for each test, and audits of everything when it is over.
#pragma once

#include "mm/frame_allocator.hpp"
#include "mm/kernel_heap.hpp"
#include "tests/host/machine.hpp"

#include <gtest/gtest.h>

#include <string>

namespace host {

class MachineTest : public ::testing::Test {
protected:
    void SetUp() override { machine().reset(); }
    void TearDown() override
    {
        mm::frames().audit();
        mm::audit_heap();
        machine().audit();
    }
};

// An area knows its space; in tests of areas alone nobody asks for it.
inline mm::AddressSpace &no_space()
{
    alignas(64) static std::byte nothing[64];
    return *reinterpret_cast<mm::AddressSpace *>(nothing);
}

// The sentence that `action` fails with, or "" when it does not fail.
template <typename Action> std::string failure_of(Action &&action)
{
    try {
        action();
    } catch (const Failure &failure) {
        return failure.what();
    }
    return "";
}

} // namespace host

// The statement must fail with a sentence that contains `text`.
#define EXPECT_FAILURE(statement, text)                                                                      \
    do {                                                                                                     \
        std::string failure_seen = host::failure_of([&] { statement; });                                     \
        EXPECT_NE(failure_seen.find(text), std::string::npos)                                                \
            << "the failure was: \"" << failure_seen << '"';                                                 \
    } while (0)
