// lib::List and lib::ListNode.
#include "lib/intrusive_list.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <list>
#include <vector>

namespace {

struct Item {
    explicit Item(int number) : number(number) {}
    int number;
    lib::ListNode in_one;
    char between[24] = {};
    lib::ListNode in_other;
};

using One = lib::List<&Item::in_one>;
using Other = lib::List<&Item::in_other>;

template <typename List> std::vector<int> numbers(const List &list)
{
    std::vector<int> result;
    for (Item &item : list) result.push_back(item.number);
    return result;
}

} // namespace

TEST(IntrusiveList, a_new_list_is_empty)
{
    One list;
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.front(), nullptr);
    EXPECT_EQ(list.back(), nullptr);
    EXPECT_EQ(list.pop_front(), nullptr);
    EXPECT_TRUE(list.is_consistent());
}

TEST(IntrusiveList, elements_keep_their_order)
{
    One list;
    Item a{1}, b{2}, c{3};
    list.push_back(b);
    list.push_back(c);
    list.push_front(a);
    EXPECT_EQ(numbers(list), (std::vector{1, 2, 3}));
    EXPECT_EQ(list.front(), &a);
    EXPECT_EQ(list.back(), &c);
}

TEST(IntrusiveList, an_element_can_be_in_two_lists)
{
    One one;
    Other other;
    Item a{1}, b{2};
    one.push_back(a);
    one.push_back(b);
    other.push_back(b);
    other.push_back(a);
    EXPECT_EQ(numbers(one), (std::vector{1, 2}));
    EXPECT_EQ(numbers(other), (std::vector{2, 1}));
    One::remove(a);
    EXPECT_EQ(numbers(one), (std::vector{2}));
    EXPECT_EQ(numbers(other), (std::vector{2, 1}));
}

TEST(IntrusiveList, removing_twice_does_no_harm)
{
    One list;
    Item a{1}, b{2};
    list.push_back(a);
    list.push_back(b);
    One::remove(a);
    One::remove(a);
    EXPECT_FALSE(a.in_one.is_linked());
    EXPECT_EQ(numbers(list), (std::vector{2}));
    list.push_back(a);
    EXPECT_EQ(numbers(list), (std::vector{2, 1}));
}

TEST(IntrusiveList, an_element_that_was_passed_may_be_removed)
{
    One list;
    Item a{1}, b{2}, c{3};
    for (Item *item : {&a, &b, &c}) list.push_back(*item);
    for (auto it = list.begin(); it != list.end();) {
        Item &item = *it;
        ++it;
        if (item.number != 2) One::remove(item);
    }
    EXPECT_EQ(numbers(list), (std::vector{2}));
}

TEST(IntrusiveList, a_broken_link_is_seen)
{
    One list;
    Item a{1}, b{2};
    list.push_back(a);
    list.push_back(b);
    EXPECT_TRUE(list.is_consistent());
    lib::ListNode foreign;
    foreign.insert_before(a.in_one); // linked a second time without being unlinked
    EXPECT_FALSE(list.is_consistent());
    foreign.unlink();
}

TEST(IntrusiveList, random_operations_agree_with_std_list)
{
    host::Random random;
    std::deque<Item> items;
    for (int i = 0; i < 50; i++) items.emplace_back(i);
    One list;
    std::list<int> model;
    for (int step = 0; step < 20000; step++) {
        Item &item = items[random.below(items.size())];
        if (item.in_one.is_linked()) {
            One::remove(item);
            model.remove(item.number);
        } else if (random.one_in(2)) {
            list.push_back(item);
            model.push_back(item.number);
        } else {
            list.push_front(item);
            model.push_front(item.number);
        }
        ASSERT_TRUE(list.is_consistent());
        ASSERT_EQ(list.empty(), model.empty());
        if (step % 64 == 0) {
            ASSERT_EQ(numbers(list), std::vector<int>(model.begin(), model.end()));
        }
    }
    while (Item *item = list.pop_front()) {
        EXPECT_EQ(item->number, model.front());
        model.pop_front();
    }
    EXPECT_TRUE(model.empty());
}
