// A doubly linked list whose links live inside the elements, so that adding one never allocates and removing
// one needs no search. The list does not own its elements.
//
//     struct Area { lib::ListNode by_object; };
//     lib::List<&Area::by_object> areas;
//     areas.push_back(area);
//     for (Area &each : areas) …
//
// ListNode alone is a list without a type: a ring in which the head is a node too. It serves where the
// element's type is not known yet; lib::element<&Area::by_object>(node) leads back.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lib {

class ListNode {
public:
    constexpr ListNode() : next_(this), previous_(this) {}
    ListNode(const ListNode &) = delete;
    ListNode &operator=(const ListNode &) = delete;

    constexpr bool is_linked() const { return next_ != this; }
    constexpr ListNode *next() const { return next_; }
    constexpr ListNode *previous() const { return previous_; }

    // Puts `node`, which is in no list, before this one: at the end of the ring when this is the head.
    constexpr void insert_before(ListNode &node)
    {
        node.next_ = this;
        node.previous_ = previous_;
        previous_->next_ = &node;
        previous_ = &node;
    }
    // Out of the list it is in, if any.
    constexpr void unlink()
    {
        previous_->next_ = next_;
        next_->previous_ = previous_;
        next_ = previous_ = this;
    }
    // Whether each neighbour points back: for audits.
    constexpr bool is_consistent() const { return next_->previous_ == this && previous_->next_ == this; }

private:
    ListNode *next_;
    ListNode *previous_;
};

namespace detail {
template <typename> struct MemberOwner;
template <typename Member, typename Element> struct MemberOwner<Member Element::*> {
    using Type = Element;
    using Part = Member;
};
} // namespace detail

template <auto Member> using ElementOf = typename detail::MemberOwner<decltype(Member)>::Type;
template <auto Member> using PartOf = typename detail::MemberOwner<decltype(Member)>::Part;

// The element that `node` (or another part of it) is the member of. (offsetof takes no member pointer; the
// distance is measured on storage that is never used as an element.)
template <auto Member> ElementOf<Member> &element(PartOf<Member> &node)
{
    using Element = ElementOf<Member>;
    alignas(Element) char storage[sizeof(Element)];
    auto *pretended = reinterpret_cast<Element *>(storage);
    auto distance = reinterpret_cast<char *>(&(pretended->*Member)) - storage;
    return *reinterpret_cast<Element *>(reinterpret_cast<char *>(&node) - distance);
}

template <auto Member> class List {
public:
    using Element = ElementOf<Member>;

    constexpr List() = default;

    constexpr bool empty() const { return !head_.is_linked(); }
    void push_back(Element &element) { head_.insert_before(element.*Member); }
    void push_front(Element &element) { head_.next()->insert_before(element.*Member); }
    static void remove(Element &element) { (element.*Member).unlink(); }

    Element *front() const { return at(head_.next()); }
    Element *back() const { return at(head_.previous()); }
    Element *pop_front()
    {
        Element *first = front();
        if (first != nullptr) remove(*first);
        return first;
    }

    // While iterating, only the element that the iterator has left behind may be removed.
    class Iterator {
    public:
        explicit Iterator(ListNode *node) : node_(node) {}
        Element &operator*() const { return lib::element<Member>(*node_); }
        Element *operator->() const { return &**this; }
        Iterator &operator++()
        {
            node_ = node_->next();
            return *this;
        }
        bool operator==(const Iterator &) const = default;

    private:
        ListNode *node_;
    };
    Iterator begin() const { return Iterator{head_.next()}; }
    Iterator end() const { return Iterator{const_cast<ListNode *>(&head_)}; }

    bool is_consistent() const
    {
        const ListNode *node = &head_;
        do {
            if (!node->is_consistent()) return false;
            node = node->next();
        } while (node != &head_);
        return true;
    }

private:
    Element *at(ListNode *node) const { return node == &head_ ? nullptr : &lib::element<Member>(*node); }

    ListNode head_;
};

} // namespace lib
