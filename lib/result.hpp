// Result<T>: a value or an Errno. Running out of something is a normal answer, never an assertion.
//
// std::expected would do, but clang 14, and with it clang-tidy, does not see it in GCC 12's library.
#pragma once

#include "lib/errno.hpp"

#include <type_traits>
#include <utility>

namespace lib {

template <typename T> class [[nodiscard]] Result {
public:
    constexpr Result(T value) : value_(std::move(value)), error_{} {}
    constexpr Result(Errno error) : value_{}, error_(error) {}

    constexpr bool ok() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return ok(); }
    constexpr Errno error() const { return error_; }

    // Only when ok().
    constexpr T &value() { return value_; }
    constexpr const T &value() const { return value_; }
    constexpr T &operator*() { return value_; }
    constexpr const T &operator*() const { return value_; }
    constexpr T *operator->() { return &value_; }
    constexpr const T *operator->() const { return &value_; }

private:
    T value_;
    Errno error_; // Errno{} (zero) means success; no error number is zero
};

template <> class [[nodiscard]] Result<void> {
public:
    constexpr Result() : error_{} {}
    constexpr Result(Errno error) : error_(error) {}

    constexpr bool ok() const { return error_ == Errno{}; }
    constexpr explicit operator bool() const { return ok(); }
    constexpr Errno error() const { return error_; }

private:
    Errno error_;
};

} // namespace lib

// Evaluates to the value of a Result, or returns its error from the enclosing function.
// (A GNU statement expression; both compilers that build Vitrine have it. But GCC 12 miscompiles one inside a
// lambda if its value has a destructor: hence the assertion.)
#define TRY(expression)                                                                                      \
    ({                                                                                                       \
        auto &&try_result = (expression);                                                                    \
        static_assert(std::is_trivially_destructible_v<std::remove_cvref_t<decltype(try_result.value())>> || \
                      __builtin_strcmp(__func__, "operator()") != 0);                                        \
        if (!try_result.ok()) return try_result.error();                                                     \
        std::move(try_result.value());                                                                       \
    })

// The same for a Result<void>.
#define TRY_VOID(expression)                                                                                 \
    do {                                                                                                     \
        auto &&try_result = (expression);                                                                    \
        if (!try_result.ok()) return try_result.error();                                                     \
    } while (0)
