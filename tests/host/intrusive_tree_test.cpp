// lib::Tree: against std::map, with keys in order, in reverse and at random, and how deep it gets.
#include "lib/intrusive_tree.hpp"
#include "tests/host/random.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>

namespace {

struct Item {
    explicit Item(uint64_t key, std::string name = {}) : key(key), name(std::move(name)) {}
    uint64_t key;
    std::string name;
    lib::TreeLinks<Item> by_key, by_name;
};

using ByKey = lib::Tree<&Item::by_key, &Item::key>;
using ByName = lib::Tree<&Item::by_name, &Item::name>;

unsigned depth_of(const Item *item)
{
    unsigned depth = 0;
    for (; item != nullptr; item = item->by_key.parent) depth++;
    return depth;
}

unsigned depth_of(std::deque<Item> &items)
{
    unsigned deepest = 0;
    for (const Item &item : items) deepest = std::max(deepest, depth_of(&item));
    return deepest;
}

} // namespace

TEST(IntrusiveTree, a_new_tree_is_empty)
{
    ByKey tree;
    EXPECT_TRUE(tree.empty());
    EXPECT_EQ(tree.first(), nullptr);
    EXPECT_EQ(tree.find(1), nullptr);
    EXPECT_EQ(tree.first_above(0), nullptr);
    EXPECT_TRUE(tree.is_consistent());
}

TEST(IntrusiveTree, an_element_can_be_in_two_trees)
{
    Item a(2, "a"), b(1, "b");
    ByKey keys;
    ByName names;
    for (Item *item : {&a, &b}) {
        keys.insert(*item);
        names.insert(*item);
    }
    EXPECT_EQ(keys.first(), &b);
    EXPECT_EQ(names.first(), &a);
    keys.remove(b);
    EXPECT_EQ(keys.first(), &a);
    EXPECT_EQ(names.find("b"), &b);
    EXPECT_EQ(keys.find(1), nullptr);
}

TEST(IntrusiveTree, an_element_that_was_removed_can_come_back)
{
    Item a(1), b(2);
    ByKey tree;
    tree.insert(a);
    tree.insert(b);
    for (int i = 0; i < 10; i++) {
        tree.remove(a);
        EXPECT_EQ(tree.find(1), nullptr);
        tree.insert(a);
        EXPECT_EQ(tree.find(1), &a);
        ASSERT_TRUE(tree.is_consistent());
    }
    EXPECT_EQ(tree.size(), 2u);
}

TEST(IntrusiveTree, keys_in_order_do_not_make_it_deep)
{
    // 2^14 elements: a treap of random priorities is about 2 ln n = 20 deep on average; 60 it never is.
    constexpr uint64_t Count = 1 << 14;
    for (bool backwards : {false, true}) {
        std::deque<Item> items;
        ByKey tree;
        for (uint64_t i = 0; i < Count; i++) tree.insert(items.emplace_back(backwards ? Count - i : i));
        EXPECT_TRUE(tree.is_consistent());
        EXPECT_LT(depth_of(items), 60u);
        // Half of them go, from the front: the rest is no deeper.
        for (uint64_t i = 0; i < Count / 2; i++) tree.remove(items[i]);
        EXPECT_TRUE(tree.is_consistent());
        EXPECT_LT(depth_of(items), 60u);
    }
}

TEST(IntrusiveTree, does_what_a_map_does)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        host::Random random(seed);
        std::deque<Item> items;
        std::map<uint64_t, Item *> model;
        ByKey tree;
        for (int step = 0; step < 2000; step++) {
            uint64_t key = random.below(300);
            auto found = model.find(key);
            if (random.below(100) < 55) {
                if (found == model.end()) {
                    Item &item = items.emplace_back(key);
                    tree.insert(item);
                    model[key] = &item;
                }
            } else if (found != model.end()) {
                tree.remove(*found->second);
                model.erase(found);
            }
            uint64_t asked = random.below(310);
            auto exact = model.find(asked);
            ASSERT_EQ(tree.find(asked), exact == model.end() ? nullptr : exact->second);
            auto above = model.upper_bound(asked);
            ASSERT_EQ(tree.first_above(asked), above == model.end() ? nullptr : above->second);
            ASSERT_EQ(tree.first(), model.empty() ? nullptr : model.begin()->second);
            ASSERT_EQ(tree.size(), model.size());
            if (step % 50 == 0) {
                ASSERT_TRUE(tree.is_consistent());
            }
        }
    }
}
