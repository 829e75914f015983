// An ordered tree whose links live inside the elements, so that adding one never allocates. It does not own
// its elements.
//
//     struct Entry { lib::TreeLinks<Entry> by_name; std::string_view name; };
//     lib::Tree<&Entry::by_name, &Entry::name> names;
//     names.insert(entry);
//     Entry *found = names.find("etc");
//
// A treap (Aragon and Seidel 1989): a search tree by key that is a heap by priority. The priorities are the
// outputs of a mixing function over a counter, so whatever the order of the keys, a tree of n elements is
// about 2 log2 n deep, and removing needs no bookkeeping.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lib {

template <typename Element> struct TreeLinks {
    Element *parent = nullptr, *left = nullptr, *right = nullptr;
    uint32_t priority = 0;
};

namespace detail {
template <typename> struct TreeMember;
template <typename Owner, typename Type> struct TreeMember<Type Owner::*> {
    using Element = Owner;
    using Value = Type;
};
} // namespace detail

// Key: the member that elements are ordered by, with < ; no two have the same.
template <auto Links, auto Key> class Tree {
public:
    using Element = typename detail::TreeMember<decltype(Links)>::Element;
    using KeyType = typename detail::TreeMember<decltype(Key)>::Value;

    constexpr Tree() = default;
    Tree(const Tree &) = delete;
    Tree &operator=(const Tree &) = delete;

    bool empty() const { return root_ == nullptr; }
    size_t size() const { return size_; }

    Element *find(const KeyType &key) const
    {
        Element *at = root_;
        while (at != nullptr) {
            if (key < at->*Key)
                at = (at->*Links).left;
            else if (at->*Key < key)
                at = (at->*Links).right;
            else
                break;
        }
        return at;
    }
    // The first element whose key is above `key`.
    Element *first_above(const KeyType &key) const
    {
        Element *at = root_, *best = nullptr;
        while (at != nullptr) {
            if (key < at->*Key) {
                best = at;
                at = (at->*Links).left;
            } else {
                at = (at->*Links).right;
            }
        }
        return best;
    }
    Element *first() const
    {
        Element *at = root_;
        while (at != nullptr && (at->*Links).left != nullptr) at = (at->*Links).left;
        return at;
    }

    // `element` is in no tree, and its key is not in this one.
    void insert(Element &element)
    {
        Element *parent = nullptr, **link = &root_;
        while (*link != nullptr) {
            parent = *link;
            link = element.*Key < parent->*Key ? &(parent->*Links).left : &(parent->*Links).right;
        }
        element.*Links = {.parent = parent, .left = nullptr, .right = nullptr, .priority = next_priority()};
        *link = &element;
        while (parent != nullptr && (parent->*Links).priority < (element.*Links).priority) {
            raise(element);
            parent = (element.*Links).parent;
        }
        size_++;
    }

    // `element` is in this tree.
    void remove(Element &element)
    {
        auto &links = element.*Links;
        while (links.left != nullptr && links.right != nullptr) {
            bool left = (links.left->*Links).priority > (links.right->*Links).priority;
            raise(left ? *links.left : *links.right);
        }
        Element *child = links.left != nullptr ? links.left : links.right;
        place_of(element) = child;
        if (child != nullptr) (child->*Links).parent = links.parent;
        links = {};
        size_--;
    }

    // Whether order, priorities and links are as they should be: for tests.
    bool is_consistent() const
    {
        size_t count = 0;
        return is_consistent(root_, nullptr, count) && count == size_;
    }

private:
    // The pointer that leads to `element`.
    Element *&place_of(Element &element)
    {
        Element *parent = (element.*Links).parent;
        if (parent == nullptr) return root_;
        return (parent->*Links).left == &element ? (parent->*Links).left : (parent->*Links).right;
    }

    // Rotates an element into the place of its parent.
    void raise(Element &element)
    {
        auto &own = element.*Links;
        Element &parent = *own.parent;
        auto &above = parent.*Links;
        place_of(parent) = &element;
        own.parent = above.parent;
        above.parent = &element;
        Element *&inner = above.left == &element ? own.right : own.left;
        (above.left == &element ? above.left : above.right) = inner;
        if (inner != nullptr) (inner->*Links).parent = &parent;
        inner = &parent;
    }

    // The finaliser of MurmurHash3.
    uint32_t next_priority()
    {
        uint32_t x = ++inserted_;
        x = (x ^ x >> 16) * 0x85ebca6bu;
        x = (x ^ x >> 13) * 0xc2b2ae35u;
        return x ^ x >> 16;
    }

    static bool is_consistent(const Element *at, const Element *parent, size_t &count)
    {
        if (at == nullptr) return true;
        count++;
        const auto &links = at->*Links;
        if (links.parent != parent) return false;
        if (parent != nullptr && (parent->*Links).priority < links.priority) return false;
        if (links.left != nullptr && !(links.left->*Key < at->*Key)) return false;
        if (links.right != nullptr && !(at->*Key < links.right->*Key)) return false;
        return is_consistent(links.left, at, count) && is_consistent(links.right, at, count);
    }

    Element *root_ = nullptr;
    size_t size_ = 0;
    uint32_t inserted_ = 0;
};

} // namespace lib
