// Ref<T>: shared ownership of an object that counts its own references with share() and drop().
//
//     lib::Ref<Inode> inode = lib::Ref<Inode>::adopt(created);  // takes over the creator's reference
//     lib::Ref<Inode> other = inode;                            // one reference more
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
        // clang's analyzer believes in a temporary that TRY leaves behind when it returns.
        if (object_) object_->drop(); // NOLINT(clang-analyzer-core.uninitialized.Branch)
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
