// Ref<T>: shared ownership of an object that counts its own references with share() and drop().
//
//     lib::Ref<Inode> inode = lib::Ref<Inode>::adopt(created);  // takes over the creator's reference
//     lib::Ref<Inode> other = inode;                            // one reference more
//     TRY_LET(file, table.find(descriptor));                    // from a Result, whose error is returned
#pragma once

#include <cstddef>
#include <utility>

namespace lib {

template <typename T> class Ref {
public:
    constexpr Ref() = default;
    constexpr Ref(std::nullptr_t) {}
    // One reference more for an object that somebody else owns.
    explicit Ref(T &object) : object_(&object) { object.share(); }
    // Takes over a reference that the caller owns.
    static Ref adopt(T *object)
    {
        Ref ref;
        ref.object_ = object;
        return ref;
    }

    Ref(const Ref &other) : object_(other.object_)
    {
        if (object_) object_->share();
    }
    Ref(Ref &&other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Ref &operator=(Ref other) noexcept
    {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref()
    {
        if (object_) object_->drop();
    }

    T *get() const { return object_; }
    T *operator->() const { return object_; }
    T &operator*() const { return *object_; }
    explicit operator bool() const { return object_ != nullptr; }
    bool operator==(const Ref &other) const { return object_ == other.object_; }

    // Hands the reference to the caller, who must drop it.
    T *release() { return std::exchange(object_, nullptr); }

private:
    T *object_ = nullptr;
};

} // namespace lib

// Declares `name` with the value of a Result, or returns its error from the enclosing function: TRY for
// values that have a destructor. (GCC 12 loses track of those in the statement expression that TRY is.)
#define TRY_LET(name, expression)                                                                            \
    auto name##_result = (expression);                                                                       \
    if (!name##_result.ok()) return name##_result.error();                                                   \
    auto name = std::move(name##_result.value())
